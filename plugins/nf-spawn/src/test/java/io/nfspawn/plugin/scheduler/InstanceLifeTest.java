package io.nfspawn.plugin.scheduler;

import static io.nfspawn.plugin.scheduler.Stepper.assign;
import static io.nfspawn.plugin.scheduler.Stepper.config;
import static io.nfspawn.plugin.scheduler.Stepper.failures;
import static io.nfspawn.plugin.scheduler.Stepper.id;
import static io.nfspawn.plugin.scheduler.Stepper.instance;
import static io.nfspawn.plugin.scheduler.Stepper.only;
import static io.nfspawn.plugin.scheduler.Stepper.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.cloud.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InstanceLifeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void shouldLaunchOnceForABurstWhenEventsComeTogether() {
    Stepper step = new Stepper(config(10, 0));
    List<Event> burst =
        IntStream.range(0, 10)
            .<Event>mapToObj(i -> new Event.TaskArrived(step.now(), task("t" + i, 1)))
            .toList();

    List<Action> actions = step.scheduler.handle(burst);

    assertThat(only(Action.Launch.class, actions)).hasSize(1);
    assertThat(only(Action.Launch.class, actions).get(0).instances()).hasSize(3);
  }

  @Test
  void shouldLaunchOneInstanceAheadWhenTasksAreExpected() {
    Stepper step = Stepper.local();

    List<Action> expected = step.handle(new Event.TasksExpected(step.now()));

    assertThat(only(Action.Launch.class, expected))
        .containsExactly(
            new Action.Launch(List.of(instance("i1")), Stepper.SLICE, Optional.empty()));
    assertThat(only(Action.Launch.class, step.arrive(task("a", 1)))).isEmpty();
    assertThat(step.join("i1")).contains(assign("a", "i1"));
  }

  @Test
  void shouldKeepTheInstanceWhenItJoinsBeforeTheExpectedTasks() {
    Stepper step = Stepper.local();
    step.handle(new Event.TasksExpected(step.now()));

    assertThat(only(Action.Release.class, step.join("i1"))).isEmpty();
    assertThat(only(Action.Release.class, step.pass(SECOND))).isEmpty();
    assertThat(step.arrive(task("a", 1))).contains(assign("a", "i1"));
  }

  @Test
  void shouldLaunchNothingWhenTasksAreExpectedAndInstancesAreThere() {
    Stepper step = Stepper.local();
    step.arrive(task("a", 1));

    assertThat(step.handle(new Event.TasksExpected(step.now()))).isEmpty();
    step.join("i1");
    assertThat(step.handle(new Event.TasksExpected(step.now()))).isEmpty();
  }

  @Test
  void shouldLaunchNoMoreThanMaxForksAndQueueSizeCanUse() {
    Stepper forks = new Stepper(config(10, 0));
    IntStream.range(0, 10).forEach(i -> forks.arrive(task("t" + i, 4, 2)));
    Stepper queue = new Stepper(config(10, 3));
    IntStream.range(0, 10).forEach(i -> queue.arrive(task("t" + i, 4)));

    assertThat(forks.scheduler.instances()).hasSize(2);
    assertThat(queue.scheduler.instances()).hasSize(3);
  }

  @Test
  void shouldTryAgainLaterAndLaterWhenLaunchesFail() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(task("a", 1));
    fail(step, "i1", true);

    assertThat(step.reason("a")).isEqualTo("launch retry in 5 s: no capacity in 3 pools");
    assertThat(step.pass(SECOND.multipliedBy(4))).isEmpty();
    assertThat(step.reason("a")).isEqualTo("launch retry in 1 s: no capacity in 3 pools");
    assertThat(only(Action.Launch.class, step.pass(SECOND))).hasSize(1);
    fail(step, "i2", true);
    assertThat(step.reason("a")).isEqualTo("launch retry in 10 s: no capacity in 3 pools");
  }

  @Test
  void shouldFailTasksWhenTheProviderRefusesForGood() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(task("a", 1), task("b", 1));

    assertThat(failures(fail(step, "i1", false)))
        .hasSize(2)
        .first()
        .isEqualTo("T (a) has no instance to run on: no capacity in 3 pools");
    assertThat(failures(step.arrive(task("c", 1)))).hasSize(1);
  }

  @Test
  void shouldGoOnWithWhatThereIsWhenTheProviderRefusesMore() {
    Stepper step = Stepper.local();
    step.arrive(task("a", 4), task("b", 4));
    step.join("i1");

    assertThat(failures(fail(step, "i2", false))).isEmpty();
    assertThat(step.exit("a", 0)).contains(assign("b", "i1"));
  }

  @Test
  void shouldGiveUpWhenAgentsNeverJoin() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(task("a", 1));
    for (int i = 0; i < 2; i++) {
      assertThat(failures(step.pass(Duration.ofMinutes(2)))).isEmpty();
      step.pass(Duration.ofSeconds(10));
    }

    assertThat(failures(step.pass(Duration.ofMinutes(2))))
        .containsExactly(
            "T (a) has no instance to run on: 3 launches in a row ended before an agent could"
                + " work, the last one: its agent did not join within 2 min");
    assertThat(only(Action.Release.class, step.all)).hasSize(3);
  }

  @Test
  void shouldReleaseAnAgentWhenItJoinsTooLate() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(task("a", 1));
    step.pass(Duration.ofMinutes(2));

    assertThat(step.join("i1"))
        .containsExactly(
            new Action.Release(
                instance("i1"), "not awaited: it was released, lost or never asked for"));
  }

  @Test
  void shouldRefuseAnInstanceThatIsSmallerThanAskedFor() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(task("a", 1));

    assertThat(step.join("i1", Resources.of(1, Stepper.GB)))
        .containsExactly(
            new Action.Release(
                instance("i1"),
                "i1 joined with 1 cpu, 1 GB, but at least 4 cpus, 8 GB was asked for"));
    assertThat(step.scheduler.instances()).isEmpty();
  }

  @Test
  void shouldReleaseIdleInstancesWhenTheProviderCharges() {
    Stepper step = new Stepper(fleet(2));
    step.arrive(task("a", 1));
    step.join("i1");
    step.exit("a", 0);

    assertThat(step.pass(Duration.ofSeconds(59))).isEmpty();
    assertThat(step.pass(SECOND))
        .containsExactly(new Action.Release(instance("i1"), "idle for 60 s"));
  }

  @Test
  void shouldKeepIdleInstancesUntilTheEndOnLocal() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(task("a", 1));
    step.join("i1");
    step.exit("a", 0);

    assertThat(step.pass(Duration.ofHours(1))).isEmpty();
    assertThat(step.handle(new Event.NoMoreTasks(step.now())))
        .containsExactly(new Action.Release(instance("i1"), "no more tasks"));
  }

  @Test
  void shouldStartNothingNewOnAnInterruptedInstance() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(task("a", 1));
    step.join("i1");
    step.handle(new Event.Interrupted(step.now(), instance("i1"), step.now().plusSeconds(120)));

    assertThat(step.arrive(task("b", 1))).isEmpty();
    assertThat(step.exit("a", 0))
        .containsExactly(
            new Action.Complete(id("a"), 0),
            new Action.Release(instance("i1"), "is being taken away"),
            new Action.Launch(List.of(instance("i2")), Stepper.SLICE, java.util.Optional.empty()));
  }

  @Test
  void shouldReplaceASmallInstanceWhenALargeTaskFitsNowhere() {
    Stepper step = new Stepper(fleet(1));
    step.arrive(task("small", 1));
    step.join("i1");
    step.arrive(task("large", 8));
    step.pass(Duration.ofSeconds(10));
    step.arrive(task("later", 1));

    assertThat(step.exit("small", 0))
        .contains(
            new Action.Release(instance("i1"), "makes way for T (large)"),
            new Action.Launch(
                List.of(instance("i2")),
                Resources.of(8, 8 * Stepper.GB),
                java.util.Optional.empty()));
    assertThat(step.join("i2", Resources.of(8, 8 * Stepper.GB)))
        .containsExactly(assign("large", "i2"));
  }

  private static List<Action> fail(Stepper step, String instance, boolean retryable) {
    return step.handle(
        new Event.LaunchFailed(
            step.now(), List.of(instance(instance)), "no capacity in 3 pools", retryable));
  }

  /** Instances of 4 cpus by default, 16 at most, released when idle. */
  private static SchedulerConfig fleet(int instances) {
    SchedulerConfig local = config(instances, 0);
    return new SchedulerConfig(
        "fleet",
        0,
        instances,
        Resources.of(16, 32 * Stepper.GB),
        Stepper.SLICE,
        "choose larger instance types",
        "choose more or larger instance types",
        local.idleTimeout(),
        false,
        local.bootTimeout(),
        local.maxBootFailures(),
        local.launchRetry(),
        local.maxLaunchRetry(),
        local.reserveAfter(),
        local.gangArrivalTimeout(),
        local.maxReclaims(),
        local.killRepeat());
  }
}
