package io.nfspawn.it.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.plugin.scheduler.Action;
import io.nfspawn.plugin.scheduler.Failure;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One failing seed is run again alone with {@code -Dspawn.simulator.seed=N}. */
class SchedulerSimulationTest {
  private static final int TASKS = 1_000;

  @Test
  void shouldKeepEveryPromiseWhenTheWorldIsUnkind() {
    long first = Long.getLong("spawn.simulator.seed", 1);
    boolean alone = System.getProperty("spawn.simulator.seed") != null;
    long seeds = alone ? 1 : Boolean.getBoolean("spawn.soak") ? 4_000 : 200;
    long events = 0;
    Map<String, Integer> actions = new TreeMap<>();
    long begun = System.nanoTime();
    for (long seed = first; seed < first + seeds; seed++) {
      Simulation.Outcome outcome = run(seed);
      events += outcome.events();
      outcome.actions().forEach((kind, count) -> actions.merge(kind, count, Integer::sum));
    }
    System.out.printf(
        "simulator: seeds %d to %d, %,d tasks and %,d events in %,d ms%n  %s%n",
        first, first + seeds - 1, seeds * TASKS, events, millisSince(begun), actions);
    if (!alone) {
      assertThat(actions.keySet()).as("what the seeds provoked").containsAll(everyKind());
    }
  }

  @Test
  void shouldDoTheSameWhenTheSeedIsTheSame() {
    assertThat(new Simulation(7, TASKS).run()).isEqualTo(new Simulation(7, TASKS).run());
  }

  private static Set<String> everyKind() {
    Set<String> kinds = new TreeSet<>();
    for (Class<?> action : Action.class.getPermittedSubclasses()) {
      kinds.add(action.getSimpleName());
    }
    kinds.remove(Action.Fail.class.getSimpleName());
    for (Failure.Kind kind : Failure.Kind.values()) {
      kinds.add(kind.name());
    }
    return kinds;
  }

  private static Simulation.Outcome run(long seed) {
    Simulation simulation = new Simulation(seed, TASKS);
    try {
      return simulation.run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d: %s%n%s".formatted(seed, e.getMessage(), simulation.history()), e);
    }
  }

  private static long millisSince(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun).toMillis();
  }
}
