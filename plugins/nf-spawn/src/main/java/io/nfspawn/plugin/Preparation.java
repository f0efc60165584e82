package io.nfspawn.plugin;

import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.protocol.RoleThreads;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * Writes the wrappers of tasks while they wait for their place, in the order of their arrival and
 * not many ahead, so that Nextflow's one submitter finds them written and a place that falls free
 * is filled at once. Nothing depends on it: whatever was not prepared here is prepared when it is
 * submitted. Thread-safe.
 */
final class Preparation implements AutoCloseable {
  private static final int AHEAD = 64;

  private final BlockingQueue<SpawnTaskHandler> arrived = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(AHEAD);
  private final Set<TaskId> ahead = ConcurrentHashMap.newKeySet();
  private final Predicate<SpawnTaskHandler> isHeld;
  private final Thread thread = new RoleThreads("spawn-prepare").newThread(this::prepareAll);

  /**
   * @param isHeld whether the task still waits; false from before {@link #left} is called for it
   */
  Preparation(Predicate<SpawnTaskHandler> isHeld) {
    this.isHeld = isHeld;
    thread.start();
  }

  void arrived(SpawnTaskHandler handler) {
    arrived.add(handler);
  }

  /** The task waits no longer: it is being submitted, or will never be. */
  void left(TaskId task) {
    if (ahead.remove(task)) {
      room.release();
    }
  }

  private void prepareAll() {
    try {
      while (true) {
        SpawnTaskHandler next = arrived.take();
        room.acquire();
        ahead.add(next.id());
        // Asked after it was counted: whoever leaves later takes it off the count.
        if (isHeld.test(next)) {
          next.prepareAhead();
        } else {
          left(next.id());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
