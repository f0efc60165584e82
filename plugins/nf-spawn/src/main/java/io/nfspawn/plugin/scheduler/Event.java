package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.Resources;
import java.time.Instant;
import java.util.List;

/**
 * What the scheduler learns. Every event carries its instant, the only clock the scheduler has;
 * instants must not run backwards (an older one counts as the newest seen). Events about tasks and
 * instances may come late, twice or out of order: what no longer means anything is ignored.
 */
public sealed interface Event {
  Instant at();

  /** Nextflow scheduled a task. The scheduler owns it until a terminal action names it. */
  record TaskArrived(Instant at, TaskRequest task) implements Event {}

  /**
   * Nextflow gave the task up (abort, cancel). No further action names it but a {@link Action.Kill}
   * when it is in flight; the other members of its gang fail.
   */
  record TaskWithdrawn(Instant at, TaskId task) implements Event {}

  /**
   * A member of a gang was taken from the {@code -resume} cache or a {@code storeDir} and will
   * never arrive. The request is what it would have arrived with (its id names it in {@link
   * Action.AssignShadow}) and has a gang.
   */
  record MemberCached(Instant at, TaskRequest task) implements Event {}

  /**
   * The plugin could not hand an assigned task to its agent (for example could not write {@code
   * .command.run}) and has failed it in Nextflow. No terminal action follows. A member counts as
   * its round's culprit.
   */
  record SubmitFailed(Instant at, TaskId task, String message) implements Event {}

  /** The agent started the task; its time limit counts from here. */
  record TaskStarted(Instant at, TaskId task) implements Event {}

  /**
   * The task ended.
   *
   * @param exitStatus 128 + signal when killed by one
   * @param killedByAgent ended on the driver's word or with its instance's lease
   * @param reason one line, empty when the task ended by itself
   */
  record TaskExited(Instant at, TaskId task, int exitStatus, boolean killedByAgent, String reason)
      implements Event {}

  /** What Nextflow's error strategy decided for the culprit of a failed round. */
  record CulpritHandled(Instant at, TaskId culprit, ErrorAction action) implements Event {}

  /** The provider accepted the launch of one instance; its agent may take a while to join. */
  record Launched(Instant at, InstanceId instance, Resources capacity) implements Event {}

  /** These instances of a {@link Action.Launch} could not be had. */
  record LaunchFailed(Instant at, List<InstanceId> instances, String message, boolean retryable)
      implements Event {
    public LaunchFailed {
      instances = List.copyOf(instances);
    }
  }

  /** An instance's agent is connected and may be given tasks. */
  record AgentJoined(Instant at, InstanceId instance, Resources capacity) implements Event {}

  /** The instance is gone, with all that ran on it. */
  record AgentLost(Instant at, InstanceId instance, String reason) implements Event {}

  /** The instance will be taken away: nothing new is started there. */
  record Interrupted(Instant at, InstanceId instance, Instant deadline) implements Event {}

  /**
   * Tasks will arrive soon. Where idle instances cost nothing (they are kept until the end of the
   * run) the first is launched at once, so that it boots before the first task is there.
   */
  record TasksExpected(Instant at) implements Event {}

  /** No task will arrive any more: incomplete gangs fail, idle instances are released. */
  record NoMoreTasks(Instant at) implements Event {}

  /** Time passed. Sent about once a second; every timeout is noticed here. */
  record Tick(Instant at) implements Event {}

  /** Nextflow's error actions, as far as they differ here. */
  enum ErrorAction {
    /** A copy of the culprit will arrive: the others are retried with it. */
    RETRY,
    /** The run goes on without the culprit: its gang is dead. */
    IGNORE,
    /** The run ends now. */
    TERMINATE,
    /** The run ends when what runs has ended. */
    FINISH
  }
}
