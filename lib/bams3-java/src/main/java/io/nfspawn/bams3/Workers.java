package io.nfspawn.bams3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that inflate, encode and deflate, in no order; whoever submits keeps the futures in order
 * and bounds how many there are. Thread-safe. The owner closes it, which ends the threads.
 */
public final class Workers implements AutoCloseable {
  private final ExecutorService threads;
  private final int count;

  /**
   * @param role becomes the threads' name
   */
  public Workers(String role, int count) {
    AtomicInteger number = new AtomicInteger();
    this.count = count;
    this.threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, role + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  public int count() {
    return count;
  }

  /** How many results may wait: enough that no thread is idle, few enough to bound memory. */
  public int maxPending() {
    return 2 * count + 2;
  }

  public <T> Future<T> submit(Callable<T> task) {
    return threads.submit(task);
  }

  /** Waits for a result; what the task threw is thrown here. */
  public static <T> T await(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a worker");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      if (cause instanceof Error failure) {
        throw failure;
      }
      throw new IOException(cause);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
