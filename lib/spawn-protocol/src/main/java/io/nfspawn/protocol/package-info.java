/** The control plane between the driver and its node agents. */
@NullMarked
package io.nfspawn.protocol;

import org.jspecify.annotations.NullMarked;
