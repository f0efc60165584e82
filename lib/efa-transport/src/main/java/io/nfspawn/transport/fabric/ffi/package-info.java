/**
 * The only code of this library that calls foreign functions. What needs JDK 22 lies in the part of
 * the jar for it; {@link io.nfspawn.transport.fabric.ffi.Libfabric} is where everybody else enters.
 */
@NullMarked
package io.nfspawn.transport.fabric.ffi;

import org.jspecify.annotations.NullMarked;
