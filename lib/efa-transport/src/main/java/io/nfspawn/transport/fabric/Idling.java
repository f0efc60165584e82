package io.nfspawn.transport.fabric;

import io.nfspawn.transport.Idle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How a fabric's thread waits, since no provider can wake it: it may spin for a moment, then
 * yields, and sleeps only after nothing came for long, ever longer up to a millisecond. A sleep
 * costs about 50 µs to come back from (measured: it halves shm's bandwidth at 1 MiB).
 */
final class Idling {
  private static final long SPIN_NANOS = 20_000;
  private static final long YIELD_NANOS = 2_000_000;
  private static final long SHORT_NANOS = 50_000;
  private static final long SHORT_UNTIL_NANOS = 50_000_000;
  private static final long LONG_NANOS = 1_000_000;

  private final long spinNanos;

  /** Counts what was done, by whoever polls: the time of it is asked for when it matters. */
  private int done;

  private int doneBefore;
  private long activeNanos = System.nanoTime();
  private volatile @Nullable Thread sleeper;
  private volatile boolean called;

  Idling(Idle idle) {
    spinNanos = idle == Idle.SPINNING ? SPIN_NANOS : 0;
  }

  /** Something was done just now. */
  void active() {
    done++;
  }

  /** Waits as long as it should, at most {@code nanos}. */
  @SuppressWarnings("ThreadPriorityCheck") // A yield is a hint here, nothing depends on it.
  void park(long nanos) {
    long now = System.nanoTime();
    if (done != doneBefore) {
      doneBefore = done;
      activeNanos = now;
    }
    long idleNanos = now - activeNanos;
    if (idleNanos < spinNanos) {
      Thread.onSpinWait();
    } else if (idleNanos < YIELD_NANOS) {
      Thread.yield();
    } else {
      sleep(Math.min(nanos, idleNanos < SHORT_UNTIL_NANOS ? SHORT_NANOS : LONG_NANOS));
    }
  }

  private void sleep(long nanos) {
    sleeper = Thread.currentThread();
    if (!called) {
      LockSupport.parkNanos(this, nanos);
    }
    sleeper = null;
    if (called) {
      called = false;
      activeNanos = System.nanoTime();
    }
  }

  /** Ends the current or next sleep. Thread-safe. */
  void wakeUp() {
    if (!called) {
      called = true;
      Thread asleep = sleeper;
      if (asleep != null) {
        LockSupport.unpark(asleep);
      }
    }
  }
}
