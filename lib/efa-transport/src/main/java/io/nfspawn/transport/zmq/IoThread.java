package io.nfspawn.transport.zmq;

import java.util.concurrent.locks.LockSupport;

/**
 * JeroMQ's own thread, which makes room for a thread that is about to give it work. Who sends it a
 * command writes a byte into a pipe and counts the byte after that ({@code zmq.Signaler}). The byte
 * wakes this thread, often in the writer's place; it sees a pipe that can be read and, by the
 * count, has nothing in it, and asks again without end until its time slice is over: with more
 * threads than cores that took 70 % of all CPU time, some milliseconds for each frame.
 *
 * <p>The JDK's selectors ask a thread that is about to wait whether it {@linkplain #isInterrupted
 * is interrupted}: that is where this one can tell that it goes round within one and the same call.
 */
final class IoThread extends Thread {
  private static final int YIELDS = 8;
  private static final long PAUSE_NANOS = 20_000;

  private final Calls calls;
  private long seen;
  private int turns;

  /** Calls into JeroMQ: one thread makes them, each begins and ends. */
  static final class Calls {
    private volatile long count;

    /** Odd while a call is being made. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    void begin() {
      count++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void end() {
      count++;
    }
  }

  IoThread(Runnable work, String name, Calls calls) {
    super(work, name);
    this.calls = calls;
    setDaemon(true);
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // A yield is a hint here, nothing depends on it.
  public boolean isInterrupted() {
    long now = calls.count;
    if ((now & 1) == 0 || now != seen) {
      seen = now;
      turns = 0;
    } else if (++turns <= YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(this, PAUSE_NANOS);
    }
    return super.isInterrupted();
  }
}
