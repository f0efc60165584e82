package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.Resources;
import java.util.List;

/**
 * An instance as it is now, for logs and the dashboard.
 *
 * @param joined false while booting; the capacity is then what was asked for or promised
 * @param cordoned nothing new starts there
 * @param tasks what is in flight there
 */
public record InstanceState(
    InstanceId id,
    boolean joined,
    boolean cordoned,
    Resources capacity,
    Resources free,
    List<TaskId> tasks) {
  public InstanceState {
    tasks = List.copyOf(tasks);
  }
}
