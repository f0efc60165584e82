package io.nfspawn.plugin.scheduler;

import static io.nfspawn.plugin.scheduler.Stepper.calling;
import static io.nfspawn.plugin.scheduler.Stepper.callingGang;
import static io.nfspawn.plugin.scheduler.Stepper.config;
import static io.nfspawn.plugin.scheduler.Stepper.failures;
import static io.nfspawn.plugin.scheduler.Stepper.id;
import static io.nfspawn.plugin.scheduler.Stepper.instance;
import static io.nfspawn.plugin.scheduler.Stepper.limited;
import static io.nfspawn.plugin.scheduler.Stepper.member;
import static io.nfspawn.plugin.scheduler.Stepper.only;
import static io.nfspawn.plugin.scheduler.Stepper.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.plugin.scheduler.Event.ErrorAction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GangRoundTest {
  private static final Composition CALLING = calling(2);

  @Test
  void shouldKillThePeersAtOnceWhenAMemberFails() {
    Stepper step = running();
    String reason = "gang g, round 1: CALL (c1) exited 139";

    assertThat(step.exit("c1", 139))
        .containsExactly(
            new Action.Complete(id("c1"), 139),
            new Action.Kill(id("d"), instance("i1"), reason),
            new Action.Kill(id("c2"), instance("i1"), reason),
            new Action.Kill(id("m"), instance("i1"), reason));
  }

  @Test
  void shouldRetryTheInnocentForFreeWhenTheCulpritIsRetried() {
    Stepper step = running();
    step.exit("d", 0);
    step.exit("c1", 1);
    step.killed("c2");
    assertThat(step.reason("d")).isEqualTo("gang g: round 1 failed, stopping 1 member");
    step.killed("m");
    assertThat(step.reason("d"))
        .isEqualTo("gang g: round 1 failed, waiting for the error strategy of the failed member");

    assertThat(step.handled("c1", ErrorAction.RETRY))
        .containsExactly(
            new Action.FailRound(
                new GangId("g"),
                1,
                List.of(id("d"), id("c2"), id("m")),
                Optional.of(id("c1")),
                "gang g: round 1 failed because CALL (c1) exited 1; its members run again"));
    assertThat(step.scheduler.waiting()).isEmpty();
  }

  @Test
  void shouldFormTheNextRoundFromTheCopies() {
    Stepper step = running();
    step.exit("c1", 1);
    step.handled("c1", ErrorAction.RETRY);
    assertThat(step.arrive(member("c1x", "call", CALLING))).isEmpty();
    step.killed("d");
    step.killed("c2");
    assertThat(only(Action.FailRound.class, step.killed("m"))).hasSize(1);
    step.arrive(member("dx", "distribute", CALLING), member("c2x", "call", CALLING));

    assertThat(only(Action.Assign.class, step.arrive(member("mx", "merge", CALLING))))
        .hasSize(4)
        .allSatisfy(assign -> assertThat(assign.epoch()).isEqualTo(2))
        .allSatisfy(assign -> assertThat(assign.seat().orElseThrow().epoch()).isEqualTo(2));
  }

  @Test
  void shouldBlameOnlyTheFirstWhenMoreMembersFail() {
    Stepper step = running();
    step.exit("c1", 1);
    assertThat(step.exit("m", 1)).isEmpty();
    step.killed("d");
    step.killed("c2");

    assertThat(only(Action.FailRound.class, step.handled("c1", ErrorAction.RETRY)))
        .extracting(Action.FailRound::innocent)
        .containsExactly(List.of(id("d"), id("c2"), id("m")));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorAction.class,
      names = {"IGNORE", "TERMINATE", "FINISH"})
  void shouldEndTheGangWhenTheCulpritIsNotRetried(ErrorAction action) {
    Stepper step = running();
    step.exit("c1", 1);
    step.handled("c1", action);
    step.killed("d");
    step.killed("c2");
    String text =
        "gang g is dead: in round 1 CALL (c1) exited 1, and its error strategy is "
            + action.name().toLowerCase(java.util.Locale.ROOT);

    assertThat(failures(step.killed("m"))).hasSize(3).containsOnly(text);
    assertThat(failures(step.arrive(member("dx", "distribute", CALLING)))).containsExactly(text);
  }

  @Test
  void shouldBlameNobodyWhenAnInstanceIsLost() {
    Stepper step = running();

    assertThat(step.lose("i1"))
        .startsWith(
            new Action.FailRound(
                new GangId("g"),
                1,
                List.of(id("d"), id("c1"), id("c2"), id("m")),
                Optional.empty(),
                "gang g: round 1 failed because instance i1 was lost: no heartbeat for 15 s; its"
                    + " members run again"));
  }

  @Test
  void shouldStopPeersElsewhereWhenOneOfTwoInstancesIsLost() {
    Stepper step = Stepper.local();
    step.arrive(
        member("d", "distribute", CALLING, 2, 0),
        member("c1", "call", CALLING, 2, 0),
        member("c2", "call", CALLING, 2, 0),
        member("m", "merge", CALLING, 2, 0));
    step.join("i1");
    step.join("i2");
    List<Action> lost = step.lose("i1");

    assertThat(only(Action.Kill.class, lost)).hasSize(2);
    assertThat(only(Action.FailRound.class, lost)).isEmpty();
    only(Action.Kill.class, lost).forEach(kill -> step.killed(kill.task().value()));
    assertThat(only(Action.FailRound.class, step.all)).hasSize(1);
  }

  @Test
  void shouldFailAGangWhenItLosesInstancesTooOften() {
    Stepper step = new Stepper(config(1, 0).withMaxReclaims(0));
    step.arrive(callingGang(""));
    step.join("i1");

    assertThat(failures(step.lose("i1")))
        .hasSize(4)
        .containsOnly(
            "gang g lost an instance 1 time (spawn.maxReclaims is 0), the last time: instance i1"
                + " was lost: no heartbeat for 15 s");
  }

  @Test
  void shouldBlameTheMemberThatRanTooLong() {
    Stepper step = new Stepper(config(1, 0));
    TaskRequest[] members = callingGang("");
    members[1] = limited(members[1], Duration.ofSeconds(2));
    step.arrive(members);
    step.join("i1");
    step.started("c1");
    step.pass(Duration.ofSeconds(2));
    List<Action> actions = step.killed("c1");

    assertThat(failures(actions))
        .containsExactly(
            "CALL (c1) ran longer than its time limit of 2 s: raise time in process CALL");
    assertThat(only(Action.Kill.class, actions)).hasSize(3);
  }

  @Test
  void shouldBlameTheMemberThatCouldNotBeSubmitted() {
    Stepper step = running();
    List<Action> actions = step.handle(new Event.SubmitFailed(step.now(), id("d"), "disk full"));

    assertThat(only(Action.Kill.class, actions)).hasSize(3);
    assertThat(only(Action.Fail.class, actions)).isEmpty();
    step.killed("c1");
    step.killed("c2");
    step.killed("m");
    assertThat(only(Action.FailRound.class, step.handled("d", ErrorAction.RETRY))).hasSize(1);
  }

  @Test
  void shouldFailTheOthersWhenARunningMemberIsCancelled() {
    Stepper step = running();
    step.handle(new Event.TaskWithdrawn(step.now(), id("c1")));
    step.killed("c1");
    step.killed("d");
    step.killed("c2");

    assertThat(failures(step.killed("m")))
        .hasSize(3)
        .containsOnly("gang g is over: CALL (c1) was cancelled");
    assertThat(step.scheduler.waiting()).isEmpty();
  }

  @Test
  void shouldEndQuietlyWhenNextflowGivesUpAllMembers() {
    Stepper step = running();
    step.exit("c1", 1);
    step.killed("m");
    for (String task : List.of("d", "c2", "m", "c1")) {
      step.handle(new Event.TaskWithdrawn(step.now(), id(task)));
    }
    step.killed("d");
    step.killed("c2");

    assertThat(failures(step.all)).isEmpty();
    assertThat(only(Action.FailRound.class, step.all)).isEmpty();
    assertThat(step.scheduler.inFlight()).isZero();
    assertThat(step.scheduler.waiting()).isEmpty();
  }

  @Test
  void shouldWaitForTheLastRoundToCloseWhenACopyIsEarly() {
    Composition alone = new Composition(java.util.Map.of("a", 1), java.util.Set.of());
    Stepper step = new Stepper(config(1, 0));
    step.arrive(member("x", "a", alone));
    step.join("i1");
    step.exit("x", 1);

    assertThat(step.arrive(member("x2", "a", alone))).isEmpty();
    assertThat(only(Action.Assign.class, step.handled("x", ErrorAction.RETRY))).hasSize(1);
    assertThat(step.exit("x2", 0)).containsExactly(new Action.Complete(id("x2"), 0));
  }

  @Test
  void shouldRefuseAMemberWhenItsGangHasSucceeded() {
    Stepper step = running();
    for (String task : List.of("d", "c1", "c2", "m")) {
      step.exit(task, 0);
    }

    assertThat(failures(step.arrive(member("m2", "merge", CALLING))))
        .containsExactly(
            "gang g has already succeeded (round 1) and cannot run again: give every gang an id of"
                + " its own; if this is a retry after a missing output, correct the output");
  }

  @Test
  void shouldRefuseAnExtraMemberWhileTheRoundRuns() {
    Stepper step = running();

    assertThat(failures(step.arrive(member("m2", "merge", CALLING))))
        .singleElement()
        .asString()
        .startsWith("MERGE (m2) is member 2 of role merge in gang g");
  }

  @Test
  void shouldLetOthersUseTheRoomOfARoundThatFailed() {
    Stepper step = running();
    step.arrive(task("plain", 4));
    step.exit("c1", 1);
    step.killed("d");
    step.killed("c2");

    assertThat(step.killed("m")).contains(Stepper.assign("plain", "i1"));
  }

  /** The calling gang of d, c1, c2, m in flight on i1. */
  private static Stepper running() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(callingGang(""));
    step.join("i1");
    step.all.clear();
    return step;
  }
}
