package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.time.Duration;
import java.util.Optional;

/**
 * One task that wants to run.
 *
 * @param id this submission
 * @param name for messages, e.g. {@code CHUNKS_CALL (NA12878)}
 * @param process the process it belongs to; {@code maxForks} counts per process
 * @param resources what the packing accounts for it (on {@code local} a rank's cpus already divided
 *     by {@code ranksPerCpu})
 * @param maxForks most tasks of the process in flight, 0 = unlimited
 * @param timeLimit running time after which the task is killed and fails
 * @param reclaims how many earlier submissions of this task were reclaimed, as the last {@link
 *     Action.Reclaimed} said; 0 at first. Gangs keep their own count.
 * @param gang the gang it belongs to, if any
 */
public record TaskRequest(
    TaskId id,
    String name,
    String process,
    Resources resources,
    int maxForks,
    Optional<Duration> timeLimit,
    int reclaims,
    Optional<GangMember> gang) {

  /** A plain task without limits of its own. */
  public static TaskRequest plain(TaskId id, String name, String process, Resources resources) {
    return new TaskRequest(id, name, process, resources, 0, Optional.empty(), 0, Optional.empty());
  }
}
