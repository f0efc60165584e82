package io.nfspawn.it.simulator;

import static java.util.stream.Collectors.joining;

import io.nfspawn.plugin.scheduler.Action;
import io.nfspawn.plugin.scheduler.Event;
import io.nfspawn.plugin.scheduler.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * One run of the real {@link Scheduler} in a simulated world. Every event goes through {@link
 * #deliver}, which checks the invariants after it and hands the actions to the simulated plugin,
 * provider and agents; they answer with events of their own on the timeline.
 */
final class Simulation {
  private static final Duration FOR_EVER = Duration.ofDays(2);
  private static final int TICK_MILLIS = 1_000;
  private static final int STEPS_BETWEEN_FULL_CHECKS = 250;

  private final Scenario scenario;
  private final Timeline timeline = new Timeline();
  private final Scheduler scheduler;
  private final Invariants invariants;
  private final SimulatedFleet fleet;
  private final SimulatedNextflow nextflow;
  private final Deque<Step> lastSteps = new ArrayDeque<>();
  private final Map<String, Integer> kinds = new TreeMap<>();
  private long steps;

  private record Step(Event event, List<Action> actions) {}

  /**
   * What a run amounted to.
   *
   * @param actions how often each kind of action was asked for, failures by their kind
   */
  record Outcome(
      long events, int launched, int terminal, Duration elapsed, Map<String, Integer> actions) {}

  Simulation(long seed, int tasks) {
    Random random = new Random(seed);
    scenario = Scenario.of(random, tasks);
    scheduler = new Scheduler(scenario.config());
    invariants = new Invariants(scenario.config());
    fleet = new SimulatedFleet(scenario, new Random(random.nextLong()), timeline, this::deliver);
    nextflow =
        new SimulatedNextflow(scenario, new Random(random.nextLong()), timeline, this::deliver);
  }

  Outcome run() {
    nextflow.start();
    timeline.after(TICK_MILLIS, this::tick);
    while (!nextflow.isOver() || invariants.inFlight() > 0) {
      timeline.step();
      if (timeline.elapsed().compareTo(FOR_EVER) > 0) {
        throw new AssertionError("still waiting after 2 days: " + scheduler.waiting());
      }
    }
    invariants.checkAll(scheduler);
    deliver(new Event.NoMoreTasks(timeline.now()));
    invariants.checkNothingLeft(scheduler);
    return new Outcome(steps, fleet.launched(), invariants.terminal(), timeline.elapsed(), kinds);
  }

  /** The last events before a failure, oldest first. */
  String history() {
    return scenario + "\n  " + lastSteps.stream().map(Step::toString).collect(joining("\n  "));
  }

  private void deliver(Event event) {
    steps++;
    List<Action> actions = scheduler.handle(event);
    remember(event, actions);
    invariants.check(event, actions);
    if (steps % STEPS_BETWEEN_FULL_CHECKS == 0) {
      invariants.checkAll(scheduler);
    }
    for (Action action : actions) {
      kinds.merge(kind(action), 1, Integer::sum);
      if (action instanceof Action.Launch launch) {
        fleet.launch(launch);
      } else if (action instanceof Action.Release release) {
        fleet.release(release.instance());
      } else if (action instanceof Action.Assign assign) {
        fleet.start(assign.task(), assign.instance(), nextflow.request(assign.task()));
      } else if (action instanceof Action.AssignShadow assign) {
        fleet.start(assign.shadow(), assign.instance(), nextflow.request(assign.cached()));
      } else if (action instanceof Action.Kill kill) {
        fleet.kill(kill.task(), kill.instance());
      } else {
        nextflow.ended(action);
      }
    }
    if (event instanceof Event.SubmitFailed failed) {
      nextflow.submitFailed(failed.task());
    }
  }

  private static String kind(Action action) {
    return action instanceof Action.Fail fail
        ? fail.failure().kind().name()
        : action.getClass().getSimpleName();
  }

  private void tick() {
    deliver(new Event.Tick(timeline.now()));
    timeline.after(TICK_MILLIS, this::tick);
  }

  private void remember(Event event, List<Action> actions) {
    if (event instanceof Event.Tick && actions.isEmpty()) {
      return;
    }
    lastSteps.addLast(new Step(event, actions));
    if (lastSteps.size() > 40) {
      lastSteps.removeFirst();
    }
  }
}
