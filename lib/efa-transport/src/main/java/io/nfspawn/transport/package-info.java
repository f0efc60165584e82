/** The channel between the ranks of a gang. */
@NullMarked
package io.nfspawn.transport;

import org.jspecify.annotations.NullMarked;
