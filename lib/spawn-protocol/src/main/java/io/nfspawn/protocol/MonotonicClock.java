package io.nfspawn.protocol;

/** Time for leases and heartbeats: never set back, no relation to the time of day. */
@FunctionalInterface
public interface MonotonicClock {
  MonotonicClock SYSTEM = System::nanoTime;

  /** Nanoseconds since some fixed instant; compare by subtraction only. */
  long nanos();
}
