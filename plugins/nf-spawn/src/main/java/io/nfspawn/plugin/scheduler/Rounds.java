package io.nfspawn.plugin.scheduler;

import io.nfspawn.plugin.scheduler.Event.ErrorAction;
import io.nfspawn.plugin.scheduler.Failure.Kind;
import io.nfspawn.plugin.scheduler.Flight.Stop;
import io.nfspawn.plugin.scheduler.Round.Breakdown;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of rounds from their start on: they commit as one or fail as one. A failed round
 * closes when its last member has ended and, if it has a culprit, Nextflow has decided about it.
 */
final class Rounds {
  private final SchedulerConfig config;
  private final Turn turn;
  private final InFlight inFlight;
  private final Map<TaskId, Member> members = new LinkedHashMap<>();
  private final Map<TaskId, Round> undecided = new HashMap<>();

  Rounds(SchedulerConfig config, Turn turn, InFlight inFlight) {
    this.config = config;
    this.turn = turn;
    this.inFlight = inFlight;
  }

  /** A member that still needs its terminal action. */
  @Nullable Member member(TaskId id) {
    return members.get(id);
  }

  Map<TaskId, Member> members() {
    return members;
  }

  void track(Member member) {
    if (!member.isShadow()) {
      members.put(member.task().id(), member);
    }
  }

  /**
   * Starts all members.
   *
   * @param places one instance a member, in the order of {@link Round#members()}
   * @param overtaken the reservation of an older candidate, if there is one
   */
  void start(Round round, List<Instance> places, @Nullable Reservation overtaken) {
    round.become(Round.State.RUNNING);
    round.gang().started();
    for (int i = 0; i < places.size(); i++) {
      start(round.members().get(i), places.get(i), overtaken);
    }
  }

  private void start(Member member, Instance place, @Nullable Reservation overtaken) {
    Flight flight = new Flight(member.runId(), member.task(), place, member);
    inFlight.add(flight);
    if (overtaken != null) {
      overtaken.started(flight);
    }
    member.become(Member.State.IN_FLIGHT);
    GangSeat seat = member.seat();
    turn.act(
        member.isShadow()
            ? new Action.AssignShadow(flight.id(), member.task().id(), place.id(), seat)
            : new Action.Assign(flight.id(), place.id(), seat.epoch(), Optional.of(seat)));
  }

  /** The flight has been removed; tells the round. */
  void exited(Flight flight, Member member, Event.TaskExited exit) {
    boolean success = exit.exitStatus() == 0 && !exit.killedByAgent();
    member.become(success ? Member.State.DONE : Member.State.ENDED);
    Round round = member.round();
    if (round.state() == Round.State.FAILED) {
      closeIfOver(round);
    } else if (success) {
      commitIfDone(round);
    } else if (flight.isStoppedFor(Stop.Cause.TIME_LIMIT)) {
      Failure failure = new Failure(Kind.TIME_LIMIT, InFlight.timeLimitMessage(member.task()));
      blame(member, new Action.Fail(flight.id(), failure), "ran longer than its time limit");
    } else if (exit.killedByAgent()) {
      loseInstance(round, "%s was ended by its agent: %s".formatted(name(member), exit.reason()));
    } else {
      blame(
          member,
          new Action.Complete(flight.id(), exit.exitStatus()),
          "exited " + exit.exitStatus());
    }
  }

  /** The flight has been removed because its instance is gone. */
  void lost(Member member, String message) {
    member.become(Member.State.ENDED);
    Round round = member.round();
    if (round.state() == Round.State.FAILED) {
      closeIfOver(round);
    } else {
      loseInstance(round, message);
    }
  }

  /** The flight has been removed; Nextflow knows of the failure already. */
  void submitFailed(Member member, String message) {
    member.become(Member.State.ENDED);
    Round round = member.round();
    if (round.state() == Round.State.FAILED) {
      members.remove(member.task().id());
      closeIfOver(round);
    } else {
      blame(member, null, "could not be submitted: " + message);
    }
  }

  /** Nextflow gave a member up that has started; its gang cannot go on. */
  void withdrawn(Member member) {
    members.remove(member.task().id());
    Round round = member.round();
    round.gang().end(cancelled(member));
    if (round.state() == Round.State.FAILED) {
      closeIfOver(round);
    } else {
      fail(round, new Breakdown(null, false, name(member) + " was cancelled"));
    }
  }

  static Failure cancelled(Member member) {
    return new Failure(
        Kind.GANG_OVER,
        "gang %s is over: %s was cancelled".formatted(member.round().gang().id(), name(member)));
  }

  /** What the error strategy decided for a culprit. */
  void decided(TaskId culprit, ErrorAction action) {
    Round round = undecided.remove(culprit);
    if (round == null) {
      return;
    }
    if (action != ErrorAction.RETRY) {
      Breakdown breakdown = round.breakdown();
      round
          .gang()
          .end(
              new Failure(
                  Kind.GANG_OVER,
                  "gang %s is dead: in round %d %s, and its error strategy is %s"
                      .formatted(
                          round.gang().id(),
                          round.epoch(),
                          breakdown == null ? "a member failed" : breakdown.message(),
                          action.name().toLowerCase(Locale.ROOT))));
    }
    closeIfOver(round);
  }

  /** Ends members that have not started. */
  void fail(List<Member> held, Failure failure) {
    for (Member member : held) {
      end(member, new Action.Fail(member.task().id(), failure));
    }
  }

  private void commitIfDone(Round round) {
    if (round.count(Member.State.DONE) < round.members().size()) {
      return;
    }
    round.become(Round.State.CLOSED);
    Gang gang = round.gang();
    gang.closed(round);
    gang.end(
        new Failure(
            Kind.GANG_OVER,
            ("gang %s has already succeeded (round %d) and cannot run again: give every gang an id"
                    + " of its own; if this is a retry after a missing output, correct the output")
                .formatted(gang.id(), round.epoch())));
    for (Member member : round.members()) {
      end(member, new Action.Complete(member.task().id(), 0));
    }
  }

  private void blame(Member member, @Nullable Action terminal, String what) {
    TaskId culprit = member.task().id();
    Round round = member.round();
    String message = name(member) + " " + what;
    if (member.isShadow()) {
      round
          .gang()
          .end(
              new Failure(
                  Kind.GANG_CACHED,
                  "gang %s: the shadow of %s, which was taken from the cache, %s: rerun without -resume"
                      .formatted(round.gang().id(), member.task().name(), what)));
      fail(round, new Breakdown(null, false, message));
      return;
    }
    members.remove(culprit);
    if (terminal != null) {
      turn.act(terminal);
    }
    undecided.put(culprit, round);
    fail(round, new Breakdown(culprit, false, message));
  }

  private void loseInstance(Round round, String message) {
    Gang gang = round.gang();
    gang.reclaimed();
    if (gang.reclaims() > config.maxReclaims()) {
      gang.end(
          new Failure(
              Kind.RECLAIMED_TOO_OFTEN,
              "gang %s lost an instance %s (spawn.maxReclaims is %d), the last time: %s"
                  .formatted(
                      gang.id(),
                      Amounts.count(gang.reclaims(), "time"),
                      config.maxReclaims(),
                      message)));
    }
    fail(round, new Breakdown(null, true, message));
  }

  private void fail(Round round, Breakdown breakdown) {
    round.breakDown(breakdown);
    String reason =
        "gang %s, round %d: %s".formatted(round.gang().id(), round.epoch(), breakdown.message());
    for (Member member : round.members()) {
      Flight flight = inFlight.get(member.runId());
      if (member.state() == Member.State.IN_FLIGHT && flight != null) {
        inFlight.stop(flight, Stop.Cause.ROUND_FAILED, reason);
      }
    }
    closeIfOver(round);
  }

  private void closeIfOver(Round round) {
    Breakdown breakdown = round.breakdown();
    if (breakdown == null
        || round.count(Member.State.IN_FLIGHT) > 0
        || undecided.containsValue(round)) {
      return;
    }
    round.become(Round.State.CLOSED);
    turn.change();
    Gang gang = round.gang();
    gang.closed(round);
    List<Member> innocent = round.members().stream().filter(this::needsTerminalAction).toList();
    Failure over = gang.over();
    if (over != null) {
      fail(innocent, over);
      fail(List.copyOf(gang.forming().members()), over);
      gang.forming().become(Round.State.CLOSED);
    } else if (!innocent.isEmpty()) {
      innocent.forEach(member -> members.remove(member.task().id()));
      turn.act(
          new Action.FailRound(
              gang.id(),
              round.epoch(),
              innocent.stream().map(member -> member.task().id()).toList(),
              Optional.ofNullable(breakdown.culprit()),
              "gang %s: round %d failed because %s; its members run again"
                  .formatted(gang.id(), round.epoch(), breakdown.message())));
    }
  }

  private boolean needsTerminalAction(Member member) {
    return !member.isShadow() && members.containsKey(member.task().id());
  }

  /** Shadows and members that Nextflow gave up need no terminal action. */
  private void end(Member member, Action terminal) {
    if (!member.isShadow() && members.remove(member.task().id()) != null) {
      turn.act(terminal);
    }
  }

  private static String name(Member member) {
    return member.isShadow() ? "the shadow of " + member.task().name() : member.task().name();
  }
}
