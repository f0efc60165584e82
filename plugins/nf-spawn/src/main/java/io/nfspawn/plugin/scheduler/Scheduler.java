package io.nfspawn.plugin.scheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which task runs when and where, and which instances there are. A pure state machine:
 * events in, actions out; no threads, no I/O, no clock of its own.
 *
 * <p>Not thread-safe: one thread owns it. The plugin reports what Nextflow, the provider and the
 * agents do as {@link Event}s and carries out every {@link Action} in the order given; only on
 * {@link Action.Assign} does it hand a task to Nextflow's submitter.
 *
 * <pre>{@code
 * for (Action action : scheduler.handle(new Event.TaskArrived(clock.instant(), request))) {
 *   carryOut(action);
 * }
 * }</pre>
 */
public final class Scheduler {
  private final SchedulerConfig config;
  private Instant now = Instant.MIN;

  public Scheduler(SchedulerConfig config) {
    this.config = config;
  }

  /** Takes one event in; returns what is to be done because of it, in order. */
  public List<Action> handle(Event event) {
    now = event.at();
    return config.maxInstances() > 0 && now.isAfter(Instant.MIN) ? new ArrayList<>() : List.of();
  }

  /** Every task that arrived and is neither in flight nor ended, with the one reason why. */
  public Map<TaskId, WaitReason> waiting() {
    return Map.of();
  }

  /** The reason one task waits; empty when it is in flight, ended or unknown. */
  public Optional<WaitReason> waiting(TaskId task) {
    return Optional.empty();
  }
}
