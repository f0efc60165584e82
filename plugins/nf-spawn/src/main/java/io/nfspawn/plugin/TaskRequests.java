package io.nfspawn.plugin;

import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.gang.GangDirective;
import io.nfspawn.plugin.scheduler.GangMember;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import nextflow.processor.TaskConfig;
import nextflow.processor.TaskRun;
import nextflow.util.MemoryUnit;
import org.jspecify.annotations.Nullable;

/** Says what Nextflow's tasks want in the scheduler's terms. Thread-safe. */
final class TaskRequests {
  private static final int MILLI = 1000;

  private final int ranksPerCpu;
  private final Map<Logical, Integer> reclaims = new ConcurrentHashMap<>();

  TaskRequests(int ranksPerCpu) {
    this.ranksPerCpu = ranksPerCpu;
  }

  /**
   * @throws IllegalArgumentException with one line for the user when its {@code ext.gang} is wrong
   */
  TaskRequest of(TaskRun task, TaskId id) {
    String name = String.valueOf(task.lazyName());
    String process = task.getProcessor().getName();
    Optional<GangMember> gang =
        gang(task)
            .map(
                value ->
                    GangDirective.read(name, value, GangDirective.unnamed(meta(task), process)));
    return new TaskRequest(
        id,
        name,
        process,
        resources(task.getConfig(), gang.isPresent()),
        task.getProcessor().getMaxForks(),
        Optional.ofNullable(task.getConfig().getTime())
            .map(time -> Duration.ofMillis(time.toMillis())),
        reclaims.getOrDefault(Logical.of(task), 0),
        gang);
  }

  /** The copy that runs next must say how often the task has lost its instance. */
  void reclaimed(TaskRun task, int times) {
    reclaims.put(Logical.of(task), times);
  }

  /** The value of {@code ext.gang} for this task. */
  static Optional<Object> gang(TaskRun task) {
    return task.getConfig().get("ext") instanceof Map<?, ?> ext
        ? Optional.ofNullable(ext.get("gang"))
        : Optional.empty();
  }

  /** Input {@code meta}, which nf-core's modules have: a map with the sample's {@code id}. */
  private static @Nullable Object meta(TaskRun task) {
    return task.getContext() == null ? null : task.getContext().get("meta");
  }

  private Resources resources(TaskConfig config, boolean rank) {
    MemoryUnit memory = config.getMemory();
    long millicpus = (long) config.getCpus() * MILLI;
    return new Resources(
        rank ? (millicpus + ranksPerCpu - 1) / ranksPerCpu : millicpus,
        memory == null ? 0 : memory.toBytes(),
        0,
        0);
  }

  /** A task across its submissions: a copy has a new id but the same index in its process. */
  private record Logical(String process, int index) {
    static Logical of(TaskRun task) {
      return new Logical(task.getProcessor().getName(), task.getIndex());
    }
  }
}
