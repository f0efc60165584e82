package io.nfspawn.agent;

import io.nfspawn.protocol.MonotonicClock;
import java.time.Duration;

/**
 * The right to run until an instant of the monotonic clock. It is counted from when the heartbeat
 * that earned it was sent, so it never lasts longer than the driver believes. Thread-safe.
 */
final class Lease {
  private final MonotonicClock clock;
  private long endNanos;

  Lease(MonotonicClock clock, Duration initial) {
    this.clock = clock;
    this.endNanos = clock.nanos() + initial.toNanos();
  }

  /**
   * @param sinceNanos the clock's reading when the heartbeat was sent; an older one never shortens
   */
  synchronized void renew(long sinceNanos, Duration length) {
    long end = sinceNanos + length.toNanos();
    if (end - endNanos > 0) {
      endNanos = end;
    }
  }

  /** Takes the place of whatever was granted before: the driver's first word on it. */
  synchronized void replace(Duration length) {
    endNanos = clock.nanos() + length.toNanos();
  }

  /** Zero when it has run out. */
  synchronized Duration remaining() {
    return Duration.ofNanos(Math.max(0, endNanos - clock.nanos()));
  }

  boolean isOver() {
    return remaining().isZero();
  }
}
