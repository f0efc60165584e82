/** Bytes on the wire: frame and message headers, key derivation, sealing, handshake. Internal. */
@NullMarked
package io.nfspawn.transport.frame;

import org.jspecify.annotations.NullMarked;
