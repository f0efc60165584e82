package io.nfspawn.it.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.Action;
import io.nfspawn.plugin.scheduler.Event;
import io.nfspawn.plugin.scheduler.Scheduler;
import io.nfspawn.plugin.scheduler.SchedulerConfig;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many tasks a second the scheduler alone can decide about; printed, not asserted. */
class SchedulerThroughputTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int TASKS = 50_000;
  private static final long GB = 1L << 30;

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 100})
  void shouldDecideQuickly(int instances) {
    Scheduler scheduler =
        new Scheduler(SchedulerConfig.local(instances, Resources.of(16, 64 * GB), 0));
    Deque<Action> todo = new ArrayDeque<>();
    long begun = System.nanoTime();
    for (int i = 0; i < TASKS; i++) {
      String process = "P" + i % 10;
      TaskRequest task =
          TaskRequest.plain(new TaskId("t" + i), process, process, Resources.of(1 + i % 3, GB));
      todo.addAll(scheduler.handle(new Event.TaskArrived(NOW, task)));
    }
    int completed = 0;
    while (!todo.isEmpty()) {
      Action action = todo.remove();
      if (action instanceof Action.Launch launch) {
        launch
            .instances()
            .forEach(
                id ->
                    todo.addAll(
                        scheduler.handle(new Event.AgentJoined(NOW, id, launch.atLeast()))));
      } else if (action instanceof Action.Assign assign) {
        todo.addAll(
            scheduler.handle(
                List.of(
                    new Event.TaskStarted(NOW, assign.task()),
                    new Event.TaskExited(NOW, assign.task(), 0, false, ""))));
      } else if (action instanceof Action.Complete) {
        completed++;
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "scheduler: %,d tasks on %d instances in %.2f s, %,.0f tasks/s%n",
        TASKS, instances, seconds, TASKS / seconds);
    assertThat(completed).isEqualTo(TASKS);
  }
}
