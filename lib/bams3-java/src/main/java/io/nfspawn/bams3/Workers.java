package io.nfspawn.bams3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
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
  private final Queue<Thread> started = new ConcurrentLinkedQueue<>();

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
              started.add(thread);
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

  /** Tasks whose results come as they end. */
  public <T> ExecutorCompletionService<T> completions() {
    return new ExecutorCompletionService<>(threads);
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

  /** Interrupts tasks and returns when the last of the threads has ended. */
  public void closeAndWait() {
    threads.shutdownNow();
    boolean interrupted = false;
    for (Thread thread = started.peek(); thread != null; thread = started.peek()) {
      try {
        thread.join();
        started.remove();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
