package io.nfspawn.agent;

import io.nfspawn.protocol.wire.AgentMessage;
import io.nfspawn.protocol.wire.EventBatch;
import io.nfspawn.protocol.wire.TaskEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Events on their way to the driver. Whatever gathers while one batch is sent goes as the next: an
 * event alone is not delayed, many cost one message. Only the news of a start waits a moment for
 * company, so that a short task costs one message and not two. Thread-safe.
 */
final class Outbox implements AutoCloseable {
  private static final int CAPACITY = 10_000;
  private static final int BATCH = 500;
  private static final long COMPANY_MS = 50;

  /** No real event is empty. */
  private static final TaskEvent END = TaskEvent.getDefaultInstance();

  private final BlockingQueue<TaskEvent> queue = new LinkedBlockingQueue<>(CAPACITY);
  private final Consumer<AgentMessage> send;
  private final Thread sender = new Thread(this::sendAll, "agent-outbox");

  Outbox(Consumer<AgentMessage> send) {
    this.send = send;
    sender.setDaemon(true);
    sender.start();
  }

  /** Waits when far too many events wait already. */
  void add(TaskEvent event) {
    try {
      queue.put(event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendAll() {
    var batch = new ArrayList<TaskEvent>();
    boolean ended;
    try {
      do {
        batch.clear();
        batch.add(queue.take());
        queue.drainTo(batch, BATCH - 1);
        awaitCompany(batch);
        ended = batch.remove(END);
        if (!batch.isEmpty()) {
          send.accept(
              AgentMessage.newBuilder()
                  .setEvents(EventBatch.newBuilder().addAllEvents(batch))
                  .build());
        }
      } while (!ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitCompany(List<TaskEvent> batch) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(COMPANY_MS);
    while (batch.size() < BATCH && onlyStarts(batch)) {
      TaskEvent next = queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        return;
      }
      batch.add(next);
      queue.drainTo(batch, BATCH - batch.size());
    }
  }

  private static boolean onlyStarts(List<TaskEvent> batch) {
    for (TaskEvent event : batch) {
      if (!event.hasStarted()) {
        return false;
      }
    }
    return true;
  }

  /** Returns when all that was added before has been handed to the connection. */
  @Override
  public void close() {
    add(END);
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
