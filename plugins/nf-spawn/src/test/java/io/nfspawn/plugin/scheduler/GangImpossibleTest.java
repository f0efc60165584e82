package io.nfspawn.plugin.scheduler;

import static io.nfspawn.plugin.scheduler.Stepper.calling;
import static io.nfspawn.plugin.scheduler.Stepper.callingGang;
import static io.nfspawn.plugin.scheduler.Stepper.config;
import static io.nfspawn.plugin.scheduler.Stepper.failures;
import static io.nfspawn.plugin.scheduler.Stepper.member;
import static io.nfspawn.plugin.scheduler.Stepper.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GangImpossibleTest {
  private static final Composition CALLING = calling(2);

  /** What can never work: the configuration, the arrivals, the text. */
  static Stream<Arguments> impossible() {
    Composition other = calling(3);
    return Stream.of(
        arguments(
            "queueSize",
            config(1, 3),
            List.of(member("d", "distribute", CALLING)),
            "gang g has 4 members that start together, but queueSize is 3: raise"
                + " executor.queueSize to at least 4 or lower the number of members"),
        arguments(
            "maxForks",
            config(1, 0),
            List.of(member("c1", "call", CALLING, 1, 1), member("c2", "call", CALLING, 1, 1)),
            "gang g has 2 members of process CALL that start together, but its maxForks is 1:"
                + " raise maxForks to at least the number of members, or remove it"),
        arguments(
            "disagreement",
            config(1, 0),
            List.of(member("d", "distribute", CALLING), member("c1", "call", other)),
            "gang g: CALL (c1) says its roles are [distribute: 1, call: 3, merge: 1], but other"
                + " members say [distribute: 1, call: 2, merge: 1]: every member must state the"
                + " same roles in the same order"),
        arguments(
            "role",
            config(1, 0),
            List.of(member("x", "index", CALLING)),
            "INDEX (x) has role index in gang g, but its roles are [distribute: 1, call: 2,"
                + " merge: 1]: correct role or roles in ext.gang"),
        arguments(
            "second member",
            config(1, 0),
            List.of(member("m", "merge", CALLING), member("m2", "merge", CALLING)),
            "MERGE (m2) is member 2 of role merge in gang g, but its roles are [distribute: 1,"
                + " call: 2, merge: 1]: raise merge in roles, or give every gang an id of its own"),
        arguments(
            "provider",
            config(2, 0),
            List.of(
                member("d", "distribute", CALLING, 3, 0),
                member("c1", "call", CALLING, 3, 0),
                member("c2", "call", CALLING, 3, 0)),
            "gang g needs 9 cpus, 3 GB for 3 of its 4 ranks alone, but provider local gives at"
                + " most 2 instances of 4 cpus, 8 GB: lower the number of members or what they"
                + " need, or raise spawn.local.ranksPerCpu, spawn.local.cpus or spawn.local.memory"),
        arguments(
            "too large a member",
            config(1, 0),
            List.of(member("d", "distribute", CALLING, 5, 0)),
            "DISTRIBUTE (d) needs 5 cpus, 1 GB, but the largest instance of provider local has 4"
                + " cpus, 8 GB: lower cpus of process DISTRIBUTE or raise spawn.local.cpus or"
                + " spawn.local.memory"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("impossible")
  void shouldFailAtOnceWithTheFixWhenAGangCanNeverStart(
      String what, SchedulerConfig config, List<TaskRequest> arrivals, String text) {
    Stepper step = new Stepper(config);
    arrivals.forEach(step::arrive);

    assertThat(failures(step.all)).isNotEmpty().containsOnly(text);
    assertThat(only(Action.Fail.class, step.all))
        .allSatisfy(fail -> assertThat(fail.failure().kind().retryable()).isFalse());
  }

  @Test
  void shouldFailLaterMembersTheSameWayWhenAGangCanNeverStart() {
    Stepper step = new Stepper(config(1, 3));
    step.arrive(callingGang(""));

    assertThat(failures(step.all)).hasSize(4);
    assertThat(failures(step.all)).containsOnly(failures(step.all).get(0));
  }
}
