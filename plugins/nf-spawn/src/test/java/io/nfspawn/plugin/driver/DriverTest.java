package io.nfspawn.plugin.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.InstanceProvider;
import io.nfspawn.cloud.LaunchException;
import io.nfspawn.cloud.LaunchRequest;
import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.Failure;
import io.nfspawn.plugin.scheduler.SchedulerConfig;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import io.nfspawn.protocol.ControlPlaneSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The driver against providers that misbehave; agents that work are tested end to end. */
class DriverTest {
  private static final Resources SLICE = Resources.of(2, 1 << 30);

  private final List<String> told = new CopyOnWriteArrayList<>();

  @Test
  void shouldFailTasksWithTheProvidersWordsWhenItRefusesForGood() {
    var provider = new ScriptedProvider(new LaunchException("no JDK at /nowhere", false, null));
    try (Driver driver = driver(provider)) {
      driver.arrived(TaskRequest.plain(new TaskId("1"), "A", "A", Resources.of(1, 0)));

      await().until(() -> !told.isEmpty());
      assertThat(told).singleElement().asString().startsWith("failed 1").contains("no JDK at");
    }
  }

  @Test
  void shouldWaitAndSayWhyWhenThereIsNoCapacityNow() {
    var provider = new ScriptedProvider(new LaunchException("no capacity in pool a", true, null));
    try (Driver driver = driver(provider)) {
      driver.arrived(TaskRequest.plain(new TaskId("1"), "A", "A", Resources.of(1, 0)));

      await()
          .untilAsserted(
              () ->
                  assertThat(driver.waiting(new TaskId("1")))
                      .get()
                      .asString()
                      .contains("no capacity in pool a"));
      assertThat(told).isEmpty();
    }
  }

  @Test
  void shouldEndWhatItLaunchedAndReapTheRunWhenClosed() {
    var provider = new ScriptedProvider(null);
    Driver driver = driver(provider);
    driver.expectTasks();
    await().until(() -> provider.calls.contains("launch"));

    driver.close();

    assertThat(provider.calls).startsWith("launch").contains("reap run").endsWith("close");
    assertThat(provider.calls).anyMatch(call -> call.startsWith("terminate "));
  }

  private Driver driver(InstanceProvider provider) {
    return new Driver(
        SchedulerConfig.local(1, SLICE, 0),
        ControlPlaneSettings.loopback("run", Duration.ofSeconds(30)),
        provider,
        "authenticate",
        new ToldListener());
  }

  /** Gives what was asked for, or fails as it was told to. */
  private static final class ScriptedProvider implements InstanceProvider {
    private final @Nullable LaunchException failure;
    private final List<String> calls = new CopyOnWriteArrayList<>();

    ScriptedProvider(@Nullable LaunchException failure) {
      this.failure = failure;
    }

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public Limits limits() {
      return new Limits(1, SLICE, "here");
    }

    @Override
    public List<Launched> launch(LaunchRequest request) throws LaunchException {
      calls.add("launch");
      if (failure != null) {
        throw failure;
      }
      return request.ids().stream().map(id -> new Launched(id, SLICE, "kind", "here")).toList();
    }

    @Override
    public void terminate(InstanceId id) {
      calls.add("terminate " + id);
    }

    @Override
    public int reap(String runId) {
      calls.add("reap " + runId);
      return 0;
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }

  private final class ToldListener implements TaskListener {
    @Override
    public void assigned(TaskId task, Placement placement) {
      told.add("assigned " + task);
    }

    @Override
    public void started(TaskId task, long pid) {
      told.add("started " + task);
    }

    @Override
    public void completed(TaskId task, int exitStatus) {
      told.add("completed " + task);
    }

    @Override
    public void failed(TaskId task, Failure failure) {
      told.add("failed %s: %s".formatted(task, failure.message()));
    }

    @Override
    public void retried(TaskId task, FreeRetry retry) {
      told.add("retried " + task);
    }

    @Override
    public void shadowAssigned(TaskId shadow, TaskId cached, Placement placement) {
      told.add("shadow " + shadow);
    }
  }
}
