package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.Resources;
import java.util.List;
import java.util.Optional;

/**
 * What the plugin must do, in the order of the list. For every task that arrived and was not
 * withdrawn exactly one terminal action follows: {@link Complete}, {@link Fail}, {@link Reclaimed},
 * or being among the innocent of a {@link FailRound}.
 */
public sealed interface Action {

  /**
   * Launch like instances under these ids; answer with {@link Event.Launched} or {@link
   * Event.LaunchFailed} for each.
   *
   * @param gang set when they are launched for one gang (one zone, one placement group)
   */
  record Launch(List<InstanceId> instances, Resources atLeast, Optional<GangId> gang)
      implements Action {
    public Launch {
      instances = List.copyOf(instances);
    }
  }

  /** End the instance: nothing runs there any more. */
  record Release(InstanceId instance, String reason) implements Action {}

  /** Hand the task to Nextflow's submitter and its start to the instance's agent. */
  record Assign(TaskId task, InstanceId instance, int epoch, Optional<GangSeat> seat)
      implements Action {}

  /**
   * Run a cached member again as a shadow: same script, scratch directory, outputs dropped. Its
   * events carry {@code shadow} as their task. No terminal action names a shadow.
   *
   * @param shadow the id of this run of it
   * @param cached the id it was announced with in {@link Event.MemberCached}
   */
  record AssignShadow(TaskId shadow, TaskId cached, InstanceId instance, GangSeat seat)
      implements Action {}

  /** Stop a task or shadow; {@link Event.TaskExited} is expected. May be repeated. */
  record Kill(TaskId task, InstanceId instance, String reason) implements Action {}

  /**
   * Terminal: the task ended by itself, with this status. A member's 0 comes only when the whole
   * round has exited 0. A member's other status makes it the culprit of its round, and {@link
   * Event.CulpritHandled} is expected.
   */
  record Complete(TaskId task, int exitStatus) implements Action {}

  /** Terminal: the task did not and will not end by itself. A culprit when it ran in a gang. */
  record Fail(TaskId task, Failure failure) implements Action {}

  /**
   * Terminal for the innocent, shadows not among them: retry them without counting it against
   * {@code maxRetries}; their copies form the next round.
   *
   * @param culprit absent when an instance was lost
   */
  record FailRound(
      GangId gang, int epoch, List<TaskId> innocent, Optional<TaskId> culprit, String message)
      implements Action {
    public FailRound {
      innocent = List.copyOf(innocent);
    }
  }

  /**
   * Terminal: the task lost its instance. Not a failed task: retry it without counting it against
   * {@code maxRetries}.
   *
   * @param reclaims what the copy's {@link TaskRequest#reclaims()} must be
   */
  record Reclaimed(TaskId task, InstanceId instance, int reclaims, String reason)
      implements Action {}
}
