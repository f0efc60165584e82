package io.nfspawn.transport.core;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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

  /** After that it looks after time and peers, whoever runs the channel. */
  private static final long LONGEST_LEAVE_NANOS = 10_000_000;

  /** A helper asks the channel's thread for the turn, which may be in the middle of something. */
  private static final long TAKE_OVER_NANOS = 2_000_000;

  private final ReentrantLock turn = new ReentrantLock();

  /** Threads that want the turn back from a helper. */
  private final AtomicInteger claims = new AtomicInteger();

  private volatile boolean helped;

  /** A helper has the turn. */
  private volatile boolean helping;

  /** A helper waits for the channel's own thread to give it the turn. */
  private volatile boolean wanted;

  /** The channel's own thread, once it has been away. */
  private volatile @Nullable Thread own;

  /** The channel's thread's: it took the turn from a helper. */
  private boolean claimed;

  /** The channel's thread's. */
  private long awayNanos = AWAY_NANOS;

  // ---- the channel's own thread -------------------------------------------------------------

  /** Takes the turn; a helper gives it back after what it does at the moment. */
  void begin() {
    if (!turn.tryLock()) {
      claims.incrementAndGet();
      turn.lock();
      claims.decrementAndGet();
      claimed = true;
    }
  }

  void end() {
    if (claimed) {
      claimed = false;
      helped = true; // Whoever had it goes on.
    }
    turn.unlock();
  }

  /** True when a helper would rather have the turn. */
  boolean isWanted() {
    return wanted;
  }

  /** Leaves the channel to others as long as somebody helps, but not for ever. */
  void leaveToHelpers() {
    if (!helped && !helping && !wanted) {
      awayNanos = AWAY_NANOS;
      return;
    }
    own = Thread.currentThread();
    long leftNanos = LONGEST_LEAVE_NANOS;
    while ((helped || helping || wanted) && leftNanos > 0) {
      helped = false;
      LockSupport.parkNanos(this, awayNanos);
      leftNanos -= awayNanos;
      awayNanos = Math.min(2 * awayNanos, LONGEST_AWAY_NANOS);
    }
  }

  // ---- helpers ------------------------------------------------------------------------------

  /** True when this thread has the turn now; false when another has it, or this one already. */
  boolean tryHelp() {
    if (turn.isHeldByCurrentThread() || !turn.tryLock()) {
      return false;
    }
    helping = true;
    helped = true;
    return true;
  }

  /** Who gives or takes much asks for the next turn, so that the own thread does not go on. */
  void announceHelp() {
    helped = true;
  }

  /**
   * As the other, of who has nothing else to do: asks the channel's own thread for the turn.
   *
   * @param wakeUp ends its sleep
   */
  boolean takeOver(Runnable wakeUp) throws InterruptedException {
    if (tryHelp()) {
      return true;
    }
    if (turn.isHeldByCurrentThread() || helping || wanted) {
      return false;
    }
    wanted = true;
    try {
      wakeUp.run();
      if (!turn.tryLock(TAKE_OVER_NANOS, TimeUnit.NANOSECONDS)) {
        return false;
      }
      helping = true;
      helped = true;
      return true;
    } finally {
      wanted = false;
    }
  }

  /** Ends a turn of {@link #tryHelp}. */
  void endHelp() {
    helping = false;
    helped = true;
    turn.unlock();
  }

  /** As the other, of who is going to sleep: nobody would look after the channel for a while. */
  void handBack() {
    helping = false;
    helped = false;
    turn.unlock();
    Thread away = own;
    if (away != null) {
      LockSupport.unpark(away);
    }
  }

  /** Lets who has claimed the turn have it for once. */
  @SuppressWarnings("ThreadPriorityCheck") // A yield is a hint here, nothing depends on it.
  void giveWay() {
    if (claims.get() == 0) {
      return;
    }
    helping = false;
    turn.unlock();
    while (claims.get() > 0) {
      Thread.yield();
    }
    turn.lock();
    helping = true;
    helped = true;
  }

  /** True on the thread whose turn it is. */
  boolean isMine() {
    return turn.isHeldByCurrentThread();
  }
}
