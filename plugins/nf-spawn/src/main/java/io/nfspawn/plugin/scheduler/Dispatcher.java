package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.Failure.Kind;
import io.nfspawn.plugin.scheduler.TaskQueue.Line;
import io.nfspawn.plugin.scheduler.TaskQueue.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts what can start, oldest first. What cannot is overtaken by what is younger and fits, but
 * not for ever: after {@code reserveAfter} room is kept for the oldest.
 */
final class Dispatcher {
  private final SchedulerConfig config;
  private final Turn turn;
  private final TaskQueue queue;
  private final InFlight inFlight;
  private final Instances instances;
  private final Launches launches;
  private final Gangs gangs;
  private final Packing packing;
  private @Nullable Reservation reservation;
  private boolean roomWanted;

  private enum Verdict {
    STARTED,
    FORKS,
    QUEUE,
    ROOM
  }

  /** One in the order of a pass; the line is absent for a round. */
  private record Entry(Candidate candidate, @Nullable Line line) {}

  Dispatcher(Parts parts) {
    this.config = parts.config();
    this.turn = parts.turn();
    this.queue = parts.queue();
    this.inFlight = parts.inFlight();
    this.instances = parts.instances();
    this.launches = parts.launches();
    this.gangs = parts.gangs();
    this.packing = parts.packing();
  }

  void run() {
    Reservation held = reservation;
    if (held != null && !isWaiting(held.owner())) {
      reservation = null;
    }
    List<Demand> wanting = pass();
    roomWanted = !wanting.isEmpty();
    launches.refusal().ifPresent(refusal -> refuse(wanting, refusal));
    launches.serve(wanting, reservation);
  }

  /** In the last pass something waited for room. */
  boolean isRoomWanted() {
    return roomWanted;
  }

  @Nullable Reservation reservation() {
    return reservation;
  }

  /** Returns what waits for room, oldest first. */
  private List<Demand> pass() {
    PriorityQueue<Entry> order =
        new PriorityQueue<>(Comparator.comparingLong(entry -> entry.candidate().sequence()));
    queue.lines().forEach(line -> order.add(new Entry(line.head(), line)));
    gangs.ready().forEach(round -> order.add(new Entry(round, null)));
    List<Instance> open = instances.open();
    List<Demand> wanting = new ArrayList<>();
    Set<String> forkQueues = new HashSet<>();
    Candidate oldest = null;
    while (!order.isEmpty()) {
      Entry entry = order.remove();
      Line line = entry.line();
      Candidate candidate = entry.candidate();
      Verdict verdict = tryStart(candidate, open, forkQueues);
      if (verdict == Verdict.STARTED) {
        if (line != null && line.size() > 0) {
          order.add(new Entry(line.head(), line));
        }
        continue;
      }
      if (verdict == Verdict.FORKS && line == null) {
        candidate.tasks().forEach(task -> forkQueues.add(task.process()));
      }
      if (verdict == Verdict.ROOM) {
        wanting.add(new Demand(candidate, line == null ? 1 : line.size()));
      }
      if (oldest == null && needsReservation(verdict, candidate)) {
        oldest = candidate;
      }
    }
    settleReservation(oldest);
    return wanting;
  }

  /**
   * @param forkQueues processes whose next forks belong to an older gang
   */
  private Verdict tryStart(Candidate candidate, List<Instance> open, Set<String> forkQueues) {
    if (lacksForks(candidate, forkQueues)) {
      return Verdict.FORKS;
    }
    Reservation others = reservationAgainst(candidate);
    if (candidate.tasks().size() > places(others)) {
      return Verdict.QUEUE;
    }
    Resources[] free = new Resources[open.size()];
    for (int i = 0; i < free.length; i++) {
      free[i] = others == null ? open.get(i).free() : others.usable(open.get(i));
    }
    int[] chosen = packing.place(candidate.needs(), free);
    if (chosen.length == 0) {
      return Verdict.ROOM;
    }
    List<Instance> places = new ArrayList<>();
    for (int i : chosen) {
      places.add(open.get(i));
    }
    start(candidate, places, others);
    return Verdict.STARTED;
  }

  private void start(Candidate candidate, List<Instance> places, @Nullable Reservation others) {
    if (candidate instanceof Round round) {
      gangs.start(round, places, others);
    } else {
      TaskRequest task = candidate.tasks().get(0);
      queue.remove(task.id());
      Flight flight = new Flight(task.id(), task, places.get(0), null);
      inFlight.add(flight);
      if (others != null) {
        others.started(flight);
      }
      turn.act(new Action.Assign(task.id(), places.get(0).id(), 1, Optional.empty()));
    }
    if (reservation != null && reservation.owner().equals(candidate)) {
      reservation = null;
    }
  }

  private boolean lacksForks(Candidate candidate, Set<String> forkQueues) {
    for (TaskRequest task : candidate.tasks()) {
      if (task.maxForks() > 0 && forkQueues.contains(task.process())) {
        return true;
      }
    }
    return inFlight.overForked(candidate).isPresent();
  }

  /** The reservation that a candidate must respect. */
  @Nullable Reservation reservationAgainst(Candidate candidate) {
    Reservation held = reservation;
    return held == null || held.owner().equals(candidate) ? null : held;
  }

  int places(@Nullable Reservation others) {
    int places = inFlight.places();
    return others == null ? places : Math.min(places, others.places(config.queueSize()));
  }

  private static boolean needsReservation(Verdict verdict, Candidate candidate) {
    return verdict == Verdict.ROOM || (verdict == Verdict.QUEUE && candidate.tasks().size() > 1);
  }

  private boolean isWaiting(Candidate candidate) {
    return candidate instanceof Round round
        ? round.state() == Round.State.READY
        : candidate instanceof Waiting waiting && queue.contains(waiting);
  }

  private void settleReservation(@Nullable Candidate oldest) {
    if (reservation != null) {
      if (reservation.fleetVersion() != instances.version()) {
        reserve(reservation.owner());
      }
    } else if (oldest != null && !turn.now().isBefore(oldest.since().plus(config.reserveAfter()))) {
      reserve(oldest);
    }
  }

  /**
   * Keeps room as if every instance were empty. When even that is too small, instances make way,
   * idle and small ones first, until larger ones can take their place.
   */
  private void reserve(Candidate candidate) {
    List<Instance> usable = new ArrayList<>(instances.usable());
    List<Resources> totals = new ArrayList<>();
    int replaceable = launches.refusal().isPresent() ? 0 : config.maxInstances() - usable.size();
    usable.forEach(instance -> totals.add(instance.capacity()));
    for (int i = 0; i < replaceable; i++) {
      totals.add(config.largest());
    }
    int[] places = packing.place(candidate.needs(), totals.toArray(Resources[]::new));
    while (places.length == 0 && !usable.isEmpty() && launches.refusal().isEmpty()) {
      Instance least = leastUseful(usable);
      totals.set(usable.indexOf(least), config.largest());
      Resources moved = totals.remove(usable.indexOf(least));
      totals.add(moved);
      usable.remove(least);
      instances.cordon(least, "makes way for " + candidate.label());
      places = packing.place(candidate.needs(), totals.toArray(Resources[]::new));
    }
    Map<Instance, Resources> kept = new HashMap<>();
    for (int i = 0; i < places.length; i++) {
      if (places[i] < usable.size()) {
        kept.merge(usable.get(places[i]), candidate.needs().get(i), Resources::plus);
      }
    }
    reservation = new Reservation(candidate, instances.version(), kept);
  }

  private static Instance leastUseful(List<Instance> usable) {
    return usable.stream()
        .min(
            Comparator.comparing((Instance instance) -> !instance.isIdle())
                .thenComparing(instance -> instance.capacity().millicpus())
                .thenComparing(instance -> instance.capacity().memoryBytes())
                .thenComparing(instance -> instance.flights().size()))
        .orElseThrow();
  }

  /** Nothing will be launched any more: what no existing instance could ever hold fails. */
  private void refuse(List<Demand> wanting, String refusal) {
    Resources[] totals =
        instances.usable().stream().map(Instance::capacity).toArray(Resources[]::new);
    for (Demand demand : wanting) {
      if (packing.place(demand.first().needs(), totals.clone()).length > 0) {
        continue;
      }
      Failure failure =
          new Failure(
              Kind.LAUNCH_REFUSED,
              "%s has no instance to run on: %s".formatted(demand.first().label(), refusal));
      if (demand.first() instanceof Round round) {
        gangs.die(round.gang(), failure);
      } else {
        failLine(demand.first(), failure);
      }
    }
  }

  private void failLine(Candidate first, Failure failure) {
    for (Waiting waiting : queue.removeLine(first.tasks().get(0))) {
      turn.act(new Action.Fail(waiting.task().id(), failure));
    }
  }
}
