package io.nfspawn.it.simulator;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.plugin.scheduler.Action;
import io.nfspawn.plugin.scheduler.Event;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Provider and agents: boots, deaths, interruptions, exits; events late, twice, out of order. */
final class SimulatedFleet {
  private final Scenario scenario;
  private final Random random;
  private final Timeline timeline;
  private final Consumer<Event> deliver;
  private final Map<InstanceId, Set<TaskId>> alive = new HashMap<>();
  private final Set<InstanceId> released = new HashSet<>();
  private int launched;

  SimulatedFleet(Scenario scenario, Random random, Timeline timeline, Consumer<Event> deliver) {
    this.scenario = scenario;
    this.random = random;
    this.timeline = timeline;
    this.deliver = deliver;
  }

  int launched() {
    return launched;
  }

  void launch(Action.Launch launch) {
    boolean refused = random.nextDouble() < scenario.launchRefused();
    if (refused || random.nextDouble() < scenario.launchFails()) {
      int had = random.nextInt(launch.instances().size());
      List<InstanceId> failed = launch.instances().subList(had, launch.instances().size());
      timeline.after(
          millis(500, 3_000),
          () ->
              deliver.accept(
                  new Event.LaunchFailed(
                      timeline.now(), failed, "no capacity in 3 pools", !refused)));
      launch.instances().subList(0, had).forEach(id -> boot(id, launch));
    } else {
      launch.instances().forEach(id -> boot(id, launch));
    }
  }

  private void boot(InstanceId id, Action.Launch launch) {
    launched++;
    timeline.after(
        millis(100, 5_000),
        () -> deliver.accept(new Event.Launched(timeline.now(), id, launch.atLeast())));
    if (random.nextDouble() < scenario.agentNeverJoins()) {
      if (random.nextBoolean()) {
        later(millis(5_000, 60_000), () -> lost(id, "ended while booting"));
      }
      return;
    }
    long joins = millis(200, 40_000); // may come before the answer of the provider
    timeline.after(
        joins,
        () -> {
          if (!released.contains(id)) {
            alive.put(id, new HashSet<>());
          }
          twice(() -> new Event.AgentJoined(timeline.now(), id, launch.atLeast()));
        });
    if (random.nextDouble() < scenario.agentDies()) {
      timeline.after(joins + millis(1_000, 400_000), () -> die(id));
    } else if (random.nextDouble() < scenario.agentInterrupted()) {
      long notice = joins + millis(1_000, 400_000);
      timeline.after(
          notice,
          () ->
              twice(
                  () ->
                      new Event.Interrupted(timeline.now(), id, timeline.now().plusSeconds(120))));
      timeline.after(notice + 120_000, () -> die(id));
    }
  }

  /** The instance stops at once; the driver notices later. */
  private void die(InstanceId id) {
    if (alive.remove(id) != null) {
      later(millis(0, 15_000), () -> lost(id, "no heartbeat for 15 s"));
    }
  }

  private void lost(InstanceId id, String reason) {
    twice(() -> new Event.AgentLost(timeline.now(), id, reason));
  }

  void release(InstanceId id) {
    released.add(id);
    Set<TaskId> running = alive.remove(id);
    if (running != null && !running.isEmpty()) {
      throw new AssertionError("released %s with %s running".formatted(id, running));
    }
  }

  void start(TaskId task, InstanceId instance, TaskRequest request) {
    if (random.nextDouble() < scenario.submitFails()) {
      timeline.after(
          millis(0, 500),
          () -> deliver.accept(new Event.SubmitFailed(timeline.now(), task, "disk full")));
      return;
    }
    Set<TaskId> running = alive.get(instance);
    if (running == null) {
      return; // already dead, the driver does not know yet
    }
    running.add(task);
    boolean fails = random.nextDouble() < scenario.taskFails();
    int status = fails ? 1 + random.nextInt(140) : 0;
    boolean hangs = request.timeLimit().isPresent() && random.nextInt(12) == 0;
    later(millis(10, 2_000), () -> twice(() -> new Event.TaskStarted(timeline.now(), task)));
    if (!hangs) {
      // Shorter than the start's delay at times: the exit then overtakes the start.
      timeline.after(millis(500, 30_000), () -> exit(task, instance, status, false));
    }
  }

  void kill(TaskId task, InstanceId instance) {
    if (random.nextDouble() >= scenario.killLost()) {
      later(millis(0, 3_000), () -> exit(task, instance, 143, true));
    }
  }

  private void exit(TaskId task, InstanceId instance, int status, boolean killed) {
    Set<TaskId> running = alive.get(instance);
    if (running != null && running.remove(task)) {
      twice(
          () -> new Event.TaskExited(timeline.now(), task, status, killed, killed ? "killed" : ""));
    }
  }

  /** Delivers now and, at times, once more later. */
  private void twice(Supplier<Event> event) {
    deliver.accept(event.get());
    if (random.nextDouble() < scenario.eventTwice()) {
      later(millis(1, 30_000), () -> deliver.accept(event.get()));
    }
  }

  private void later(long millis, Runnable what) {
    timeline.after(millis, what);
  }

  private long millis(int from, int to) {
    return from + (long) random.nextInt(to - from);
  }
}
