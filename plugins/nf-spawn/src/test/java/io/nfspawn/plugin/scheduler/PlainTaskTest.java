package io.nfspawn.plugin.scheduler;

import static io.nfspawn.plugin.scheduler.Stepper.assign;
import static io.nfspawn.plugin.scheduler.Stepper.config;
import static io.nfspawn.plugin.scheduler.Stepper.failures;
import static io.nfspawn.plugin.scheduler.Stepper.id;
import static io.nfspawn.plugin.scheduler.Stepper.instance;
import static io.nfspawn.plugin.scheduler.Stepper.limited;
import static io.nfspawn.plugin.scheduler.Stepper.only;
import static io.nfspawn.plugin.scheduler.Stepper.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.cloud.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlainTaskTest {

  @Test
  void shouldLaunchAssignAndCompleteWhenOneTaskArrives() {
    Stepper step = Stepper.local();

    assertThat(step.arrive(task("a", 1)))
        .containsExactly(
            new Action.Launch(List.of(instance("i1")), Stepper.SLICE, Optional.empty()));
    assertThat(step.reason("a")).isEqualTo("booting 1 instance");
    assertThat(step.join("i1")).containsExactly(assign("a", "i1"));
    assertThat(step.reason("a")).isEqualTo("none");
    assertThat(step.started("a")).isEmpty();
    assertThat(step.exit("a", 0)).containsExactly(new Action.Complete(id("a"), 0));
    assertThat(step.scheduler.waiting()).isEmpty();
  }

  @Test
  void shouldPassTheExitStatusOnWhenATaskFails() {
    Stepper step = oneInstance();
    step.arrive(task("a", 1));

    assertThat(step.exit("a", 137)).containsExactly(new Action.Complete(id("a"), 137));
  }

  @Test
  void shouldPackByCpusAndWaitForAFreeSliceWhenInstancesAreFull() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(task("a", 3), task("b", 2), task("c", 1));

    assertThat(step.join("i1")).containsExactly(assign("a", "i1"), assign("c", "i1"));
    assertThat(step.reason("b"))
        .isEqualTo("no free slice (needs 2 cpus, 1 GB, largest free 0 cpus, 6 GB)");
    assertThat(step.exit("a", 0))
        .containsExactly(new Action.Complete(id("a"), 0), assign("b", "i1"));
  }

  @Test
  void shouldChooseTheFullestInstanceThatFitsWhenSeveralDo() {
    Stepper step = Stepper.local();
    step.arrive(task("a", 4), task("b", 2));
    step.join("i1");
    step.join("i2");
    step.exit("a", 0);

    assertThat(step.arrive(task("c", 1))).containsExactly(assign("c", "i2"));
    assertThat(step.arrive(task("d", 4))).containsExactly(assign("d", "i1"));
  }

  @Test
  void shouldHoldTasksBackWhenTheQueueIsFull() {
    Stepper step = new Stepper(config(1, 2));
    step.arrive(task("a", 1), task("b", 1), task("c", 1));
    step.join("i1");

    assertThat(step.reason("c")).isEqualTo("queue is full (2 of 2)");
    assertThat(step.exit("a", 0)).contains(assign("c", "i1"));
  }

  @Test
  void shouldHoldTasksBackWhenMaxForksIsReached() {
    Stepper step = oneInstance();
    step.arrive(task("a", 1, 1), task("b", 1, 1));

    assertThat(step.reason("b")).isEqualTo("maxForks of T (1 of 1)");
    assertThat(step.exit("a", 1))
        .containsExactly(new Action.Complete(id("a"), 1), assign("b", "i1"));
  }

  @Test
  void shouldFailAtOnceWhenATaskIsLargerThanEverySlice() {
    Stepper step = Stepper.local();
    TaskRequest large =
        TaskRequest.plain(id("a"), "CALL (s1)", "CALL", new Resources(8500, 9L << 30, 0, 0));

    assertThat(step.arrive(large)).hasSize(1);
    assertThat(step.all)
        .first()
        .isEqualTo(
            new Action.Fail(
                id("a"),
                new Failure(
                    Failure.Kind.TOO_LARGE,
                    "CALL (s1) needs 8.5 cpus, 9 GB, but the largest instance of provider local has"
                        + " 4 cpus, 8 GB: lower cpus and memory of process CALL or raise"
                        + " spawn.local.cpus or spawn.local.memory")));
  }

  @Test
  void shouldKillAndFailWhenATaskExceedsItsTimeLimit() {
    Stepper step = oneInstance();
    step.arrive(limited(task("a", 1), Duration.ofSeconds(2)));
    step.started("a");
    assertThat(step.pass(Duration.ofSeconds(1))).isEmpty();

    String text = "T (a) ran longer than its time limit of 2 s: raise time in process T";
    assertThat(step.pass(Duration.ofSeconds(1)))
        .containsExactly(new Action.Kill(id("a"), instance("i1"), text));
    assertThat(step.killed("a"))
        .containsExactly(new Action.Fail(id("a"), new Failure(Failure.Kind.TIME_LIMIT, text)));
  }

  @Test
  void shouldRepeatAKillWhenNoExitFollows() {
    Stepper step = oneInstance();
    step.arrive(limited(task("a", 1), Duration.ofSeconds(2)));
    step.started("a");
    step.pass(Duration.ofSeconds(2));

    assertThat(step.pass(Duration.ofSeconds(29))).isEmpty();
    assertThat(only(Action.Kill.class, step.pass(Duration.ofSeconds(1)))).hasSize(1);
  }

  @Test
  void shouldForgetATaskWhenItIsWithdrawnBeforeItStarted() {
    Stepper step = Stepper.local();
    step.arrive(task("a", 1));
    assertThat(step.handle(new Event.TaskWithdrawn(step.now(), id("a")))).isEmpty();

    assertThat(step.scheduler.waiting()).isEmpty();
    assertThat(step.join("i1")).isEmpty();
  }

  @Test
  void shouldKillWithoutATerminalActionWhenARunningTaskIsWithdrawn() {
    Stepper step = oneInstance();
    step.arrive(task("a", 4), task("b", 4));

    assertThat(step.handle(new Event.TaskWithdrawn(step.now(), id("a"))))
        .containsExactly(new Action.Kill(id("a"), instance("i1"), "cancelled by Nextflow"));
    assertThat(step.killed("a")).containsExactly(assign("b", "i1"));
  }

  @Test
  void shouldReclaimAndFinallyFailWhenInstancesAreLost() {
    Stepper step = new Stepper(config(1, 0).withMaxReclaims(1));
    step.arrive(task("a", 1));
    step.join("i1");

    assertThat(step.lose("i1"))
        .containsExactly(new Action.Reclaimed(id("a"), instance("i1"), 1, "no heartbeat for 15 s"));
    TaskRequest copy = task("a", 1);
    step.arrive(
        new TaskRequest(
            id("a2"),
            copy.name(),
            copy.process(),
            copy.resources(),
            0,
            Optional.empty(),
            1,
            Optional.empty()));
    step.join("i2");
    assertThat(failures(step.lose("i2")))
        .containsExactly(
            "T (a) lost its instance 2 times (spawn.maxReclaims is 1), the last time i2: no"
                + " heartbeat for 15 s");
  }

  @Test
  void shouldReclaimWhenTheAgentEndedATaskOnItsOwn() {
    Stepper step = oneInstance();
    step.arrive(task("a", 1));

    assertThat(step.killed("a"))
        .containsExactly(new Action.Reclaimed(id("a"), instance("i1"), 1, "killed"));
  }

  @Test
  void shouldIgnoreEventsThatNoLongerMeanAnything() {
    Stepper step = oneInstance();
    step.arrive(task("a", 1));
    step.exit("a", 0);

    assertThat(step.exit("a", 1)).isEmpty();
    assertThat(step.started("a")).isEmpty();
    assertThat(step.join("i1")).isEmpty();
    assertThat(step.lose("i9")).isEmpty();
    assertThat(step.handle(new Event.Launched(step.now(), instance("i1"), Stepper.SLICE)))
        .isEmpty();
    assertThat(step.arrive(task("b", 4))).containsExactly(assign("b", "i1"));
  }

  @Test
  void shouldNotCountASubmissionThatFailed() {
    Stepper step = oneInstance();
    step.arrive(task("a", 4), task("b", 4));

    assertThat(step.handle(new Event.SubmitFailed(step.now(), id("a"), "disk full")))
        .containsExactly(assign("b", "i1"));
  }

  @Test
  void shouldKeepRoomForALargeTaskWhenSmallOnesStreamPast() {
    Stepper step = oneInstance();
    step.arrive(task("s0", 1), task("large", 4));
    for (int i = 1; i <= 40; i++) {
      step.arrive(task("s" + i, 1));
    }
    assertThat(step.reason("large")).startsWith("no free slice");
    step.pass(Duration.ofSeconds(10));
    IntStream.range(0, 4).forEach(i -> step.exit("s" + i, 0));

    assertThat(step.all).contains(assign("large", "i1"));
    assertThat(step.reason("s4"))
        .isEqualTo("no free slice (needs 1 cpu, 1 GB, largest free 0 cpus, 7 GB)");
  }

  @Test
  void shouldSayWhoseTheRoomIsWhenItIsKept() {
    Stepper step = oneInstance();
    step.arrive(task("s0", 2), task("large", 4));
    step.pass(Duration.ofSeconds(10));
    step.arrive(task("s1", 1));

    assertThat(step.reason("s1")).isEqualTo("room is kept for T (large), which is older");
  }

  private static Stepper oneInstance() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(task("first", 1));
    step.join("i1");
    step.exit("first", 0);
    step.all.clear();
    return step;
  }
}
