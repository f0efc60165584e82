package io.nfspawn.transport.core;

/**
 * Threads of the application that wait for something to happen to a stream. They run the channel
 * meanwhile if nobody else does, and sleep otherwise. Guarded by the stream, whose monitor they
 * wait for.
 */
final class Waiters implements Loop.News {
  private final Object stream;
  private final Loop loop;
  private int waiting;
  private volatile int news;

  Waiters(Object stream, Loop loop) {
    this.stream = stream;
    this.loop = loop;
  }

  /** Counts what happened: to be asked for before one looks whether one has to wait. */
  @Override
  public int count() {
    return news;
  }

  /** Something happened that they may wait for. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // Only written under the monitor.
  void tell() {
    news++;
    if (waiting > 0) {
      stream.notifyAll();
    }
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  /**
   * Waits until something may have happened since {@code seen}; false when the time is over. The
   * caller does not hold the monitor.
   *
   * @param longestMillis a thread that sleeps has a look itself after this
   */
  @SuppressWarnings("WaitNotInLoop") // Every caller asks again what it waits for.
  boolean await(int seen, long deadlineNanos, long longestMillis) throws InterruptedException {
    if (deadlineNanos - System.nanoTime() <= 0) {
      return false;
    }
    synchronized (stream) {
      waiting++;
    }
    try {
      if (!loop.await(this, seen, deadlineNanos)) {
        long leftMillis = (deadlineNanos - System.nanoTime() + 999_999) / 1_000_000;
        synchronized (stream) {
          if (news == seen && leftMillis > 0) {
            stream.wait(Math.min(leftMillis, longestMillis));
          }
        }
      }
    } finally {
      synchronized (stream) {
        waiting--;
      }
    }
    return true;
  }
}
