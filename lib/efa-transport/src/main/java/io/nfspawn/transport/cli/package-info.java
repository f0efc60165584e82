/** The program {@code spawn-channel}. */
@NullMarked
package io.nfspawn.transport.cli;

import org.jspecify.annotations.NullMarked;
