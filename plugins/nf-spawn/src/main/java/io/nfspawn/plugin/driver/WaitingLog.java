package io.nfspawn.plugin.driver;

import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.WaitReason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why tasks wait whenever that changes. One line a kind of reason and second at most, so a
 * thousand tasks behind a full machine do not fill the log. Written by the driver's thread, read by
 * any.
 */
final class WaitingLog {
  private static final Logger log = LoggerFactory.getLogger(WaitingLog.class);

  private volatile Map<TaskId, WaitReason> current = Map.of();

  void update(Map<TaskId, WaitReason> waiting) {
    Map<String, Integer> changed = new HashMap<>();
    Map<String, TaskId> first = new HashMap<>();
    waiting.forEach(
        (task, reason) -> {
          if (!reason.equals(current.get(task))) {
            changed.merge(reason.text(), 1, Integer::sum);
            first.putIfAbsent(reason.text(), task);
          }
        });
    changed.forEach(
        (reason, tasks) ->
            log.debug(
                "event=task.waiting task={} alike={} reason=\"{}\"",
                first.get(reason),
                tasks - 1,
                reason));
    current = Map.copyOf(waiting);
  }

  Optional<String> reason(TaskId task) {
    return Optional.ofNullable(current.get(task)).map(WaitReason::text);
  }
}
