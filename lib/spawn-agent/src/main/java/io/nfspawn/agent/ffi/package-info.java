/**
 * The only code of the agent that calls foreign functions. What needs JDK 22 lies in the part of
 * the jar for it; {@link io.nfspawn.agent.ffi.PosixSpawn} is where everybody else enters.
 */
@NullMarked
package io.nfspawn.agent.ffi;

import org.jspecify.annotations.NullMarked;
