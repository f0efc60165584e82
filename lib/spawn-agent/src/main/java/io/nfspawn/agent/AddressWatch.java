package io.nfspawn.agent;

import io.nfspawn.protocol.RoleThreads;
import io.nfspawn.protocol.wire.MemberAddress;
import io.nfspawn.protocol.wire.TaskEvent;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a member's address to the driver as soon as it has written it. Waits for the kernel's word;
 * only where that is not to be had (limits of inotify) it looks by itself. Nothing is set up before
 * the first member. Thread-safe.
 */
final class AddressWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AddressWatch.class);
  private static final long LOOK_EVERY_MS = 50;

  private final Outbox outbox;
  private final Map<Path, Watched> watched = new ConcurrentHashMap<>();
  private @Nullable WatchService kernel;
  private @Nullable ScheduledExecutorService looker;

  AddressWatch(Outbox outbox) {
    this.outbox = outbox;
  }

  /** A member's directory, what was sent for it, and how it is watched. */
  private static final class Watched {
    private final TaskKey task;
    private Map<String, String> sent = Map.of();
    private @Nullable WatchKey key;

    Watched(TaskKey task) {
      this.task = task;
    }
  }

  synchronized void watch(TaskKey task, Path directory) {
    var entry = new Watched(task);
    watched.put(directory, entry);
    try {
      entry.key =
          directory.register(
              kernel(), StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    } catch (IOException e) {
      log.info("event=address.watch.looking reason=\"{}\"", e.getMessage());
      lookByItself();
    }
  }

  synchronized void forget(Path directory) {
    Watched entry = watched.remove(directory);
    if (entry != null && entry.key != null) {
      entry.key.cancel();
    }
  }

  private WatchService kernel() throws IOException {
    WatchService service = kernel;
    if (service == null) {
      service = FileSystems.getDefault().newWatchService();
      kernel = service;
      WatchService listened = service;
      new RoleThreads("agent-address-watch").newThread(() -> listen(listened)).start();
    }
    return service;
  }

  private void listen(WatchService service) {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        look((Path) key.watchable());
        key.reset();
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      log.debug("event=address.watch.closed");
    }
  }

  private void lookByItself() {
    if (looker == null) {
      looker = Executors.newSingleThreadScheduledExecutor(new RoleThreads("agent-address-look"));
      var unused =
          looker.scheduleWithFixedDelay(
              () -> watched.keySet().forEach(this::look),
              LOOK_EVERY_MS,
              LOOK_EVERY_MS,
              TimeUnit.MILLISECONDS);
    }
  }

  private void look(Path directory) {
    Watched entry = watched.get(directory);
    Path file = directory.resolve(MemberDirectory.ADDRESS);
    if (entry == null || !Files.exists(file)) {
      return;
    }
    try {
      Map<String, String> address = Rendezvous.address(file);
      synchronized (entry) {
        if (!address.equals(entry.sent)) {
          entry.sent = address;
          outbox.add(event(entry.task, address));
        }
      }
    } catch (IOException e) {
      log.warn(
          "event=address.unreadable task={} file={} reason=\"{}\"",
          entry.task,
          file,
          e.getMessage());
    }
  }

  private static TaskEvent event(TaskKey task, Map<String, String> address) {
    return TaskEvent.newBuilder()
        .setTaskId(task.taskId())
        .setEpoch(task.epoch())
        .setAddress(MemberAddress.newBuilder().putAllEndpoints(address))
        .build();
  }

  @Override
  public synchronized void close() {
    if (looker != null) {
      looker.shutdownNow();
    }
    if (kernel != null) {
      try {
        kernel.close();
      } catch (IOException e) {
        log.debug("event=address.watch.close reason=\"{}\"", e.getMessage());
      }
    }
  }
}
