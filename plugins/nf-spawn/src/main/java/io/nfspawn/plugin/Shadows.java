package io.nfspawn.plugin;

import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.protocol.RoleThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import nextflow.processor.TaskRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cached members that are needed once more as senders: the same script in a directory of its own,
 * whose outputs nobody reads and which goes with the run. Thread-safe.
 */
final class Shadows implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Shadows.class);

  private final Path directory;
  private final Map<TaskId, TaskRun> cached = new ConcurrentHashMap<>();
  private final ExecutorService work =
      Executors.newSingleThreadExecutor(new RoleThreads("spawn-shadow"));

  /**
   * @param directory where shadows run; lies in the run's work directory so that instances see it
   */
  Shadows(Path directory) {
    this.directory = directory;
  }

  void cached(TaskId id, TaskRun task) {
    cached.put(id, task);
  }

  TaskRun cachedTask(TaskId id) {
    TaskRun task = cached.get(id);
    if (task == null) {
      throw new IllegalArgumentException("no cached task %s".formatted(id));
    }
    return task;
  }

  /**
   * Prepares a shadow off the caller's thread.
   *
   * @param ready told the directory that holds its wrapper
   * @param failed told why it could not be prepared
   */
  void prepare(
      TaskId shadow,
      TaskId of,
      BiConsumer<TaskRun, Path> ready,
      BiConsumer<TaskId, String> failed) {
    work.execute(
        () -> {
          try {
            TaskRun task = cachedTask(of).clone();
            Path workDir = Files.createDirectories(directory.resolve(shadow.value()));
            task.setWorkDir(workDir);
            TaskWrapper.of(task.toTaskBean()).build();
            log.info("event=shadow.start task=\"{}\" shadow={}", task.lazyName(), shadow);
            ready.accept(task, workDir);
          } catch (IOException | RuntimeException e) {
            failed.accept(shadow, "shadow of %s: %s".formatted(of, e.getMessage()));
          }
        });
  }

  @Override
  public void close() {
    work.shutdownNow();
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      log.warn("event=shadow.left directory={} reason=\"{}\"", directory, e.getMessage());
    }
  }
}
