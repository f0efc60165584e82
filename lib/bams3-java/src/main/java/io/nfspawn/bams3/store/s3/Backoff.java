package io.nfspawn.bams3.store.s3;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * How long to wait before a request is sent again: any time up to a limit that doubles with each
 * attempt ("full jitter"), so that many clients turned away at once do not come back at once.
 *
 * @param first limit of the first wait
 * @param longest limit of every wait
 * @param random a number from 0 to its argument, inclusive
 * @param alarm passes the time
 */
record Backoff(Duration first, Duration longest, LongUnaryOperator random, Alarm alarm) {
  static final Backoff DEFAULT =
      new Backoff(
          Duration.ofMillis(100),
          Duration.ofSeconds(10),
          limit -> ThreadLocalRandom.current().nextLong(limit + 1),
          (millis, then) ->
              CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(then));

  /** Does something later, on a thread that may wait; tests only note it and go on at once. */
  interface Alarm {
    void after(long millis, Runnable then);
  }

  /**
   * @param attempt the one that failed, from 1
   * @param then sends the next one
   */
  void pause(int attempt, Runnable then) {
    long limit = first.toMillis() << Math.min(attempt - 1, 20);
    alarm.after(random.applyAsLong(Math.min(limit, longest.toMillis())), then);
  }
}
