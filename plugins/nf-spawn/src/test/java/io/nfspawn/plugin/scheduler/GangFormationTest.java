package io.nfspawn.plugin.scheduler;

import static io.nfspawn.plugin.scheduler.Stepper.calling;
import static io.nfspawn.plugin.scheduler.Stepper.callingGang;
import static io.nfspawn.plugin.scheduler.Stepper.config;
import static io.nfspawn.plugin.scheduler.Stepper.failures;
import static io.nfspawn.plugin.scheduler.Stepper.id;
import static io.nfspawn.plugin.scheduler.Stepper.instance;
import static io.nfspawn.plugin.scheduler.Stepper.member;
import static io.nfspawn.plugin.scheduler.Stepper.only;
import static io.nfspawn.plugin.scheduler.Stepper.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.cloud.Resources;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GangFormationTest {
  private static final Composition CALLING = calling(2);

  @Test
  void shouldHoldMembersUntilTheCompositionHasArrived() {
    Stepper step = Stepper.local();
    assertThat(step.arrive(member("m", "merge", CALLING))).isEmpty();
    assertThat(step.arrive(member("c1", "call", CALLING))).isEmpty();

    assertThat(step.reason("m"))
        .isEqualTo("gang g: 2 of 4 members, waiting for distribute ×1, call ×1");
    assertThat(step.scheduler.instances()).isEmpty();
  }

  @Test
  void shouldStartAllAtOnceWithRanksByRoleThenArrival() {
    Stepper step = readyInstance(1);
    step.arrive(
        member("m", "merge", CALLING),
        member("c2", "call", CALLING),
        member("c1", "call", CALLING));

    assertThat(step.arrive(member("d", "distribute", CALLING)))
        .containsExactly(
            seat("m", "merge", 3),
            seat("c2", "call", 1),
            seat("c1", "call", 2),
            seat("d", "distribute", 0));
  }

  @Test
  void shouldLaunchForTheWholeGangAndWaitForTheLastInstance() {
    Stepper step = Stepper.local();
    Composition two = composition("a", 2);
    step.arrive(member("x", "a", two), member("y", "a", two));
    assertThat(step.scheduler.instances()).hasSize(1);

    Stepper large = Stepper.local();
    large.arrive(memberOf(two, "x", 3), memberOf(two, "y", 3));
    assertThat(only(Action.Launch.class, large.all))
        .containsExactly(
            new Action.Launch(
                List.of(instance("i1"), instance("i2")),
                Stepper.SLICE,
                Optional.of(new GangId("g"))));
    assertThat(large.join("i1")).isEmpty();
    assertThat(large.reason("x")).isEqualTo("gang g: booting 1 instance");
    assertThat(only(Action.Assign.class, large.join("i2"))).hasSize(2);
  }

  @Test
  void shouldCommitAsOneWhenAllHaveExitedZero() {
    Stepper step = readyInstance(1);
    step.arrive(callingGang(""));
    assertThat(step.exit("m", 0)).isEmpty();
    assertThat(step.reason("m")).isEqualTo("gang g: done, 3 members still running");
    step.exit("d", 0);
    step.exit("c1", 0);
    assertThat(step.reason("m")).isEqualTo("gang g: done, 1 member still running");

    assertThat(step.exit("c2", 0))
        .containsExactlyInAnyOrder(complete("d"), complete("c1"), complete("c2"), complete("m"));
  }

  @Test
  void shouldWaitForPlacesOfTheQueueForAllMembers() {
    Stepper step = new Stepper(config(1, 4));
    step.arrive(task("a", 0));
    step.join("i1");
    step.arrive(callingGang(""));

    assertThat(step.reason("m")).isEqualTo("gang g: needs 4 places of the queue, 3 of 4 are free");
    assertThat(only(Action.Assign.class, step.exit("a", 0))).hasSize(4);
  }

  @Test
  void shouldSayThatThereIsNoRoomForAllAtOnce() {
    Stepper step = readyInstance(1);
    step.arrive(task("a", 2));
    step.arrive(callingGang(""));

    assertThat(step.reason("m"))
        .isEqualTo(
            "gang g: no room for all members at once (they need 4 cpus, 4 GB, free are 2 cpus, 7 GB)");
  }

  @Test
  void shouldNotStarveAGangWhenSmallTasksStreamPast() {
    Stepper step = readyInstance(1);
    step.arrive(task("s0", 1));
    step.arrive(callingGang(""));
    int next = 1;
    for (int second = 0; second < 15; second++) {
      step.arrive(task("s" + next, 1));
      step.exit("s" + (next - 1), 0);
      next++;
      step.pass(Duration.ofSeconds(1));
    }

    assertThat(only(Action.Assign.class, step.all))
        .extracting(Action.Assign::task)
        .contains(id("d"), id("c1"), id("c2"), id("m"));
  }

  @Test
  void shouldNotDeadlockWhenTwoGangsWantTheSameRoom() {
    Stepper step = readyInstance(1);
    for (String gang : List.of("g1", "g2")) {
      step.arrive(
          member(gang + "d", gang, "distribute", CALLING, 1, 0),
          member(gang + "c", gang, "call", CALLING, 1, 0));
    }
    for (String gang : List.of("g2", "g1")) {
      step.arrive(
          member(gang + "e", gang, "call", CALLING, 1, 0),
          member(gang + "m", gang, "merge", CALLING, 1, 0));
    }
    assertThat(step.scheduler.inFlight()).isEqualTo(4);
    assertThat(step.reason("g1d")).startsWith("gang g1: no room for all members at once");
    for (String member : List.of("d", "c", "e", "m")) {
      step.exit("g2" + member, 0);
    }

    assertThat(step.scheduler.inFlight()).isEqualTo(4);
    assertThat(step.reason("g1d")).isEqualTo("none");
  }

  @Test
  void shouldKeepForksForAnOlderGangOfTheSameProcess() {
    Stepper step = readyInstance(1);
    Composition two = composition("a", 2);
    TaskRequest plain =
        new TaskRequest(
            id("p1"), "A (p1)", "A", Resources.of(1, 1), 2, Optional.empty(), 0, Optional.empty());
    step.arrive(plain);
    step.arrive(member("x", "a", two, 1, 2), member("y", "a", two, 1, 2));
    assertThat(step.reason("x")).isEqualTo("gang g: maxForks of A (1 of 2)");
    TaskRequest later =
        new TaskRequest(
            id("p2"), "A (p2)", "A", Resources.of(1, 1), 2, Optional.empty(), 0, Optional.empty());
    assertThat(step.arrive(later)).isEmpty();

    assertThat(only(Action.Assign.class, step.exit("p1", 0)))
        .extracting(Action.Assign::task)
        .containsExactly(id("x"), id("y"));
  }

  @Test
  void shouldNameWhoIsMissingWhenNothingCanBringThem() {
    Stepper step = new Stepper(config(1, 0).withGangArrivalTimeout(Duration.ofSeconds(20)));
    step.arrive(member("d", "distribute", CALLING), member("c1", "call", CALLING));
    step.pass(Duration.ofSeconds(1));
    assertThat(step.pass(Duration.ofSeconds(19))).isEmpty();

    assertThat(failures(step.pass(Duration.ofSeconds(1))))
        .hasSize(2)
        .containsOnly(
            "gang g: call ×1, merge ×1 never came (waited 20 s with nothing else running); here"
                + " are distribute ×1, call ×1 of [distribute: 1, call: 2, merge: 1]: does a"
                + " member need another's output, or do the roles promise more members than there"
                + " are?");
  }

  @Test
  void shouldWaitOnWhileSomethingRunsThatMayBringAMember() {
    Stepper step = new Stepper(config(1, 0).withGangArrivalTimeout(Duration.ofSeconds(20)));
    step.arrive(task("upstream", 1));
    step.join("i1");
    step.arrive(member("d", "distribute", CALLING));
    assertThat(step.pass(Duration.ofHours(1))).isEmpty();
    step.exit("upstream", 0);
    step.pass(Duration.ofSeconds(1));

    assertThat(failures(step.pass(Duration.ofSeconds(19)))).isEmpty();
    assertThat(failures(step.pass(Duration.ofSeconds(1)))).hasSize(1);
  }

  @Test
  void shouldFailIncompleteGangsWhenNoMoreTasksCome() {
    Stepper step = Stepper.local();
    step.arrive(member("d", "distribute", CALLING));

    assertThat(failures(step.handle(new Event.NoMoreTasks(step.now()))))
        .singleElement()
        .asString()
        .startsWith("gang g: call ×2, merge ×1 never came (no more tasks will come)");
  }

  @Test
  void shouldFailTheOthersWhenAHeldMemberIsCancelled() {
    Stepper step = Stepper.local();
    step.arrive(member("d", "distribute", CALLING), member("c1", "call", CALLING));

    assertThat(failures(step.handle(new Event.TaskWithdrawn(step.now(), id("d")))))
        .containsExactly("gang g is over: DISTRIBUTE (d) was cancelled");
    assertThat(failures(step.arrive(member("m", "merge", CALLING)))).hasSize(1);
  }

  private static Stepper readyInstance(int instances) {
    Stepper step = new Stepper(config(instances, 0));
    step.arrive(task("first", 1));
    step.join("i1");
    step.exit("first", 0);
    step.all.clear();
    return step;
  }

  private static Composition composition(String role, int count) {
    Map<String, Integer> roles = new LinkedHashMap<>();
    roles.put(role, count);
    return new Composition(roles, Set.of());
  }

  private static TaskRequest memberOf(Composition composition, String id, int cpus) {
    return member(id, "a", composition, cpus, 0);
  }

  private static Action seat(String task, String role, int rank) {
    GangSeat seat = new GangSeat(new GangId("g"), 1, role, rank, 4);
    return new Action.Assign(id(task), instance("i1"), 1, Optional.of(seat));
  }

  private static Action complete(String task) {
    return new Action.Complete(id(task), 0);
  }
}
