package io.nfspawn.plugin.scheduler;

import static io.nfspawn.plugin.scheduler.Stepper.calling;
import static io.nfspawn.plugin.scheduler.Stepper.config;
import static io.nfspawn.plugin.scheduler.Stepper.failures;
import static io.nfspawn.plugin.scheduler.Stepper.id;
import static io.nfspawn.plugin.scheduler.Stepper.instance;
import static io.nfspawn.plugin.scheduler.Stepper.member;
import static io.nfspawn.plugin.scheduler.Stepper.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.plugin.scheduler.Event.ErrorAction;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GangResumeTest {
  private static final Composition CALLING = calling(2);
  private static final String CONFLICT =
      "gang g: MERGE (m) was taken from the cache but CALL (c1) must run again, and what merge"
          + " receives from it would be missing: rerun without -resume, or set cache false (and no"
          + " storeDir) for the processes of the gang";

  @Test
  void shouldDoNothingWhenAllMembersAreCached() {
    Stepper step = new Stepper(config(1, 0).withGangArrivalTimeout(Duration.ofSeconds(5)));
    cached(step, "d", "distribute");
    cached(step, "c1", "call");
    cached(step, "c2", "call");
    cached(step, "m", "merge");

    assertThat(step.pass(Duration.ofHours(1))).isEmpty();
    assertThat(step.all).isEmpty();
  }

  @Test
  void shouldRunACachedSenderAgainAsAShadow() {
    Stepper step = new Stepper(config(1, 0));
    cached(step, "d", "distribute");
    step.arrive(member("c1", "call", CALLING), member("c2", "call", CALLING));
    assertThat(step.reason("c1")).isEqualTo("gang g: 3 of 4 members, waiting for merge ×1");
    step.arrive(member("m", "merge", CALLING));

    List<Action> actions = step.join("i1");
    assertThat(only(Action.Assign.class, actions)).hasSize(3);
    assertThat(only(Action.AssignShadow.class, actions))
        .containsExactly(
            new Action.AssignShadow(
                id("d-shadow-1"),
                id("d"),
                instance("i1"),
                new GangSeat(new GangId("g"), 1, "distribute", 0, 4)));
    assertThat(step.exit("c1", 0)).isEmpty();
    assertThat(step.exit("c2", 0)).isEmpty();
    assertThat(step.exit("m", 0)).isEmpty();
    assertThat(only(Action.Complete.class, step.exit("d-shadow-1", 0)))
        .extracting(Action.Complete::task)
        .containsExactlyInAnyOrder(id("c1"), id("c2"), id("m"));
  }

  @Test
  void shouldRunTheShadowAgainWhenTheRoundFails() {
    Stepper step = shadowed();
    step.exit("c1", 1);
    step.handled("c1", ErrorAction.RETRY);
    step.killed("c2");
    step.killed("m");
    List<Action> closed = step.killed("d-shadow-1");
    assertThat(only(Action.FailRound.class, closed).get(0).innocent())
        .containsExactly(id("c2"), id("m"));
    step.arrive(member("c1x", "call", CALLING), member("c2x", "call", CALLING));

    assertThat(only(Action.AssignShadow.class, step.arrive(member("mx", "merge", CALLING))))
        .extracting(Action.AssignShadow::shadow)
        .containsExactly(id("d-shadow-2"));
  }

  @Test
  void shouldEndTheGangWhenAShadowFails() {
    Stepper step = shadowed();
    step.exit("d-shadow-1", 2);
    step.killed("c1");
    step.killed("c2");

    assertThat(failures(step.killed("m")))
        .hasSize(3)
        .containsOnly(
            "gang g: the shadow of DISTRIBUTE (d), which was taken from the cache, exited 2: rerun"
                + " without -resume");
  }

  @Test
  void shouldFailWhenAMemberArrivesBesideACachedReceiver() {
    Stepper step = new Stepper(config(1, 0));
    cached(step, "m", "merge");

    assertThat(failures(step.arrive(member("c1", "call", CALLING)))).containsExactly(CONFLICT);
    assertThat(failures(step.arrive(member("d", "distribute", CALLING)))).containsExactly(CONFLICT);
  }

  @Test
  void shouldFailWhenAReceiverTurnsOutToBeCached() {
    Stepper step = new Stepper(config(1, 0));
    step.arrive(member("c1", "call", CALLING), member("d", "distribute", CALLING));

    assertThat(failures(cached(step, "m", "merge"))).hasSize(2).containsOnly(CONFLICT);
  }

  @Test
  void shouldCountShadowsAgainstTheQueue() {
    Stepper step = new Stepper(config(1, 3));
    cached(step, "d", "distribute");

    assertThat(failures(step.arrive(member("c1", "call", CALLING))))
        .singleElement()
        .asString()
        .startsWith("gang g has 4 members that start together, but queueSize is 3");
  }

  private static List<Action> cached(Stepper step, String id, String role) {
    return step.handle(new Event.MemberCached(step.now(), member(id, role, CALLING)));
  }

  /** c1, c2, m and a shadow of d in flight on i1. */
  private static Stepper shadowed() {
    Stepper step = new Stepper(config(1, 0));
    cached(step, "d", "distribute");
    step.arrive(
        member("c1", "call", CALLING),
        member("c2", "call", CALLING),
        member("m", "merge", CALLING));
    step.join("i1");
    return step;
  }
}
