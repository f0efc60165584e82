/** Sessions, liveness and patterns over any wire. Internal. */
@NullMarked
package io.nfspawn.transport.core;

import org.jspecify.annotations.NullMarked;
