package io.nfspawn.bams3.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.LongUnaryOperator;

/**
 * How long to wait before a request is sent again: any time up to a limit that doubles with each
 * attempt ("full jitter"), so that many clients turned away at once do not come back at once.
 *
 * @param first limit of the first wait
 * @param longest limit of every wait
 * @param random a number from 0 to its argument, inclusive
 * @param sleep passes the time
 */
record Backoff(Duration first, Duration longest, LongUnaryOperator random, Sleep sleep) {

  /** Passes time; tests only note it. */
  interface Sleep {
    void forMillis(long millis) throws InterruptedException;
  }

  /**
   * @param attempt the one that failed, from 1
   */
  void pause(int attempt) throws IOException {
    long limit = first.toMillis() << Math.min(attempt - 1, 20);
    try {
      sleep.forMillis(random.applyAsLong(Math.min(limit, longest.toMillis())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to repeat a request");
    }
  }
}
