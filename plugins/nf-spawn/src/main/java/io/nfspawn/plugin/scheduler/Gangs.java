package io.nfspawn.plugin.scheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers the members of gangs until each composition is complete. */
final class Gangs {
  private final SchedulerConfig config;
  private final Turn turn;
  private final GangRules rules;
  private final Rounds rounds;
  private final Map<GangId, Gang> gangs = new LinkedHashMap<>();
  private final Set<Gang> gathering = new LinkedHashSet<>();
  private final Set<Round> ready = new LinkedHashSet<>();
  private @Nullable Instant quietSince;
  private boolean noMoreTasks;

  Gangs(SchedulerConfig config, Turn turn, GangRules rules, Rounds rounds) {
    this.config = config;
    this.turn = turn;
    this.rules = rules;
    this.rounds = rounds;
  }

  void arrived(TaskRequest task) {
    GangMember said = task.gang().orElseThrow();
    Gang gang = gangOf(said);
    Optional<Failure> refusal =
        Optional.ofNullable(gang.over()).or(() -> rules.unwanted(gang, task));
    if (refusal.isPresent()) {
      turn.act(new Action.Fail(task.id(), refusal.get()));
      return;
    }
    Member member = new Member(task, false, gang.forming());
    gang.forming().members().add(member);
    gang.arrivedAt(turn.now());
    gathering.add(gang);
    rounds.track(member);
    rules
        .impossible(gang, task)
        .or(() -> noMoreTasks ? incompleteAtEnd(gang) : Optional.empty())
        .ifPresentOrElse(failure -> die(gang, failure), () -> completeIfFull(gang));
  }

  /** A member will never arrive because its result is known from an earlier run. */
  void cached(TaskRequest task) {
    Gang gang = gangOf(task.gang().orElseThrow());
    if (gang.over() != null || rules.unwanted(gang, task).isPresent()) {
      return;
    }
    gang.cached().add(task);
    gang.arrivedAt(turn.now());
    rules
        .cachedReceiver(gang)
        .ifPresentOrElse(failure -> die(gang, failure), () -> completeIfFull(gang));
  }

  /** Nextflow gave up a member that has not started: its gang cannot form any more. */
  void withdrawn(Member member) {
    rounds.members().remove(member.task().id());
    member.round().members().remove(member);
    die(member.round().gang(), Rounds.cancelled(member));
  }

  /** Ends a gang whose members have not started. */
  void die(Gang gang, Failure failure) {
    gang.end(failure);
    Round forming = gang.forming();
    forming.become(Round.State.CLOSED);
    gathering.remove(gang);
    ready.remove(forming);
    rounds.fail(new ArrayList<>(forming.members()), failure);
    turn.change();
  }

  /** Rounds that wait for room. One whose predecessor has not closed must wait for that first. */
  List<Round> ready() {
    ready.removeIf(round -> round.state() != Round.State.READY);
    return ready.stream().filter(round -> round.gang().running() == null).toList();
  }

  void start(Round round, List<Instance> places, @Nullable Reservation overtaken) {
    ready.remove(round);
    rounds.start(round, places, overtaken);
  }

  /**
   * Notices gangs that nothing can complete any more.
   *
   * @param busy something runs or could run that may still bring a member
   */
  void tick(boolean busy) {
    gathering.removeIf(gang -> gang.over() != null);
    if (busy || !ready.isEmpty()) {
      quietSince = null;
      return;
    }
    if (quietSince == null) {
      quietSince = turn.now();
    }
    for (Gang gang : new ArrayList<>(gathering)) {
      Instant from = gang.lastArrival().isAfter(quietSince) ? gang.lastArrival() : quietSince;
      if (!turn.now().isBefore(from.plus(config.gangArrivalTimeout()))) {
        String why =
            "waited %s with nothing else running"
                .formatted(Amounts.text(config.gangArrivalTimeout()));
        die(gang, rules.incomplete(gang, why));
      }
    }
  }

  /** Incomplete gangs end now. */
  void noMoreTasks() {
    noMoreTasks = true;
    for (Gang gang : new ArrayList<>(gathering)) {
      incompleteAtEnd(gang).ifPresent(failure -> die(gang, failure));
    }
  }

  boolean isGathering() {
    return !gathering.isEmpty();
  }

  private Optional<Failure> incompleteAtEnd(Gang gang) {
    return gang.missing().isEmpty()
        ? Optional.empty()
        : Optional.of(rules.incomplete(gang, "no more tasks will come"));
  }

  private void completeIfFull(Gang gang) {
    Round round = gang.forming();
    if (round.members().isEmpty() || !gang.missing().isEmpty()) {
      return;
    }
    gang.cached().forEach(task -> round.members().add(new Member(task, true, round)));
    gathering.remove(gang);
    Optional<Failure> failure = rules.impossible(gang, round.members().get(0).task());
    if (failure.isPresent()) {
      die(gang, failure.get());
      return;
    }
    round.ready(turn.nextSequence(), turn.now());
    ready.add(round);
    turn.change();
  }

  private Gang gangOf(GangMember said) {
    return gangs.computeIfAbsent(said.gang(), id -> new Gang(id, said.composition(), turn.now()));
  }
}
