/** The wire over libfabric, without a foreign call: those lie in {@code ffi}. */
@NullMarked
package io.nfspawn.transport.fabric;

import org.jspecify.annotations.NullMarked;
