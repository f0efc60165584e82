/** What a wire must do; the rest of the channel is the same for all of them. Internal. */
@NullMarked
package io.nfspawn.transport.wire;

import org.jspecify.annotations.NullMarked;
