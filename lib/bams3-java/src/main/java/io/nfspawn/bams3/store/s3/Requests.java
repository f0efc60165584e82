package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.store.Traffic;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests, again while that may help, and counts them. A request under way is a future and
 * holds no thread. The SDK's own repetition is off: it would begin an answer that breaks off anew.
 * Thread-safe; closing it fails what is under way.
 */
final class Requests implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  private final S3Prefix prefix;
  private final int attempts;
  private final Backoff backoff;
  private final Turns turns;
  private final Set<Call<?>> underWay = ConcurrentHashMap.newKeySet();
  private final LongAdder sent = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();
  private volatile boolean closed;

  /**
   * @param atATime requests that take turns
   */
  Requests(S3Prefix prefix, int attempts, int atATime, Backoff backoff) {
    this.prefix = prefix;
    this.attempts = attempts;
    this.turns = new Turns(atATime);
    this.backoff = backoff;
  }

  /** One request. */
  interface Attempt<T> {
    /**
     * @param number from 1; above, an earlier one may have been carried out unheard
     */
    CompletableFuture<T> run(int number);
  }

  /**
   * Sends at once.
   *
   * @param doing for messages: the object could not be … ("read")
   */
  <T> CompletableFuture<T> send(String key, String doing, Attempt<T> attempt) {
    Call<T> call = new Call<>(key, doing, attempt);
    begin(call, call::send);
    return call;
  }

  /** Sends when it is its turn: for requests that come by the dozen. */
  <T> CompletableFuture<T> sendInTurn(String key, String doing, Attempt<T> attempt) {
    Call<T> call = new Call<>(key, doing, attempt);
    begin(call, () -> turns.start(call::send, call));
    return call;
  }

  private void begin(Call<?> call, Runnable start) {
    underWay.add(call);
    CompletableFuture<?> unused = call.whenComplete((value, e) -> underWay.remove(call));
    if (closed) {
      call.drop();
    } else {
      start.run();
    }
  }

  /** Sends at once and waits. */
  <T> T ask(String key, String doing, Attempt<T> attempt) throws IOException {
    return await(key, send(key, doing, attempt));
  }

  /** Waits; an interruption ends the request. */
  <T> T await(String key, CompletableFuture<T> call) throws IOException {
    try {
      return Workers.await(call);
    } catch (InterruptedIOException e) {
      call.cancel(true);
      throw new InterruptedIOException("interrupted while waiting for " + prefix.place(key));
    }
  }

  /** The same future, but some failures become another outcome. */
  static <T> CompletableFuture<T> recover(
      CompletableFuture<T> answer, Function<Throwable, CompletableFuture<T>> otherwise) {
    CompletableFuture<T> recovered =
        answer.exceptionallyCompose(failure -> otherwise.apply(Failure.thrown(failure)));
    CompletableFuture<T> unused =
        recovered.whenComplete(
            (value, e) -> {
              if (recovered.isCancelled()) {
                answer.cancel(true);
              }
            });
    return recovered;
  }

  /** A request with its repetitions. */
  private final class Call<T> extends CompletableFuture<T> {
    private final String key;
    private final String doing;
    private final Attempt<T> attempt;
    private int number;
    private volatile @Nullable CompletableFuture<T> current;

    Call(String key, String doing, Attempt<T> attempt) {
      this.key = key;
      this.doing = doing;
      this.attempt = attempt;
    }

    void send() {
      if (isDone()) {
        return;
      }
      int attemptNumber = ++number;
      sent.increment();
      CompletableFuture<T> answer;
      try {
        answer = attempt.run(attemptNumber);
      } catch (RuntimeException e) {
        answer = CompletableFuture.failedFuture(e);
      }
      current = answer;
      if (isDone()) {
        answer.cancel(true);
      }
      CompletableFuture<T> unused =
          answer.whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  complete(value);
                } else {
                  failed(Failure.thrown(failure), attemptNumber);
                }
              });
    }

    private void failed(Throwable failure, int attemptNumber) {
      if (isDone()) {
        return;
      }
      if (!(failure instanceof Exception e)) {
        completeExceptionally(failure);
      } else if (attemptNumber >= attempts || !Failure.isPassing(e)) {
        completeExceptionally(
            Failure.of(e, prefix.place(key), prefix.bucket(), doing, attemptNumber));
      } else {
        LOG.debug(
            "event=store.repeat object={} attempt={} reason=\"{}\"",
            prefix.place(key),
            attemptNumber,
            e.getMessage());
        repeats.increment();
        backoff.pause(attemptNumber, this::send);
      }
    }

    void drop() {
      completeExceptionally(
          new IOException(prefix.place(key) + " was not " + doing + ": its store was closed"));
      cancelCurrent();
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean cancelled = super.cancel(mayInterrupt);
      cancelCurrent();
      return cancelled;
    }

    private void cancelCurrent() {
      CompletableFuture<T> answer = current;
      if (answer != null) {
        answer.cancel(true);
      }
    }
  }

  void countRead(long bytes) {
    readBytes.add(bytes);
  }

  void countWritten(long bytes) {
    writtenBytes.add(bytes);
  }

  Traffic traffic() {
    return new Traffic(sent.sum(), repeats.sum(), readBytes.sum(), writtenBytes.sum());
  }

  @Override
  public void close() {
    closed = true;
    underWay.forEach(Call::drop);
  }
}
