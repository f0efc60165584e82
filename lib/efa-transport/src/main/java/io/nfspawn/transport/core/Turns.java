package io.nfspawn.transport.core;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whose turn it is to run a channel: its own thread's, or for a while that of a thread of the
 * application, which would only wait otherwise. So a message needs no second thread to be woken on
 * either side, and two processes on two cores do not get in each other's way. The own thread stays
 * in charge of time: it asks for a turn now and then, and takes over when nobody has helped lately.
 */
final class Turns {
  /**
   * How long the channel's thread stays away from a channel that others run: longer each time it
   * finds them at it, for whenever it comes it takes a core from one of two busy processes.
   */
  private static final long AWAY_NANOS = 200_000;

  private static final long LONGEST_AWAY_NANOS = 1_000_000;

  private final ReentrantLock turn = new ReentrantLock();

  /** Threads that want the turn back from a helper. */
  private final AtomicInteger claims = new AtomicInteger();

  private volatile boolean helped;

  /** The channel's thread's. */
  private long awayNanos = AWAY_NANOS;

  // ---- the channel's own thread -------------------------------------------------------------

  /** Takes the turn; a helper gives it back after what it does at the moment. */
  void begin() {
    if (!turn.tryLock()) {
      claims.incrementAndGet();
      turn.lock();
      claims.decrementAndGet();
    }
  }

  void end() {
    turn.unlock();
  }

  /** Leaves the channel to who helped since the last call; returns at once when nobody did. */
  void leaveToHelpers() {
    if (helped) {
      helped = false;
      LockSupport.parkNanos(this, awayNanos);
      awayNanos = Math.min(2 * awayNanos, LONGEST_AWAY_NANOS);
    } else {
      awayNanos = AWAY_NANOS;
    }
  }

  // ---- helpers ------------------------------------------------------------------------------

  /** True when this thread has the turn now; false when another has it, or this one already. */
  boolean tryHelp() {
    if (turn.isHeldByCurrentThread() || !turn.tryLock()) {
      return false;
    }
    helped = true;
    return true;
  }

  /** Ends a turn of {@link #tryHelp}. */
  void endHelp() {
    helped = true;
    turn.unlock();
  }

  /** Lets who has claimed the turn have it for once. */
  @SuppressWarnings("ThreadPriorityCheck") // A yield is a hint here, nothing depends on it.
  void giveWay() {
    if (claims.get() == 0) {
      return;
    }
    turn.unlock();
    while (claims.get() > 0) {
      Thread.yield();
    }
    turn.lock();
    helped = true;
  }

  /** True on the thread whose turn it is. */
  boolean isMine() {
    return turn.isHeldByCurrentThread();
  }
}
