package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Says why each task waits; worked out when asked, never kept. */
final class Waits {
  private final SchedulerConfig config;
  private final TaskQueue queue;
  private final InFlight inFlight;
  private final Instances instances;
  private final Launches launches;
  private final Rounds rounds;
  private final Dispatcher dispatcher;
  private final Packing packing;

  Waits(Parts parts, Dispatcher dispatcher) {
    this.config = parts.config();
    this.queue = parts.queue();
    this.inFlight = parts.inFlight();
    this.instances = parts.instances();
    this.launches = parts.launches();
    this.rounds = parts.rounds();
    this.packing = parts.packing();
    this.dispatcher = dispatcher;
  }

  Map<TaskId, WaitReason> all() {
    Map<TaskId, WaitReason> reasons = new LinkedHashMap<>();
    queue.all().stream()
        .sorted(Comparator.comparingLong(TaskQueue.Waiting::sequence))
        .forEach(waiting -> reasons.put(waiting.task().id(), reason(waiting)));
    rounds
        .members()
        .forEach((id, member) -> reason(member).ifPresent(reason -> reasons.put(id, reason)));
    return reasons;
  }

  Optional<WaitReason> of(TaskId id) {
    TaskQueue.Waiting waiting = queue.get(id);
    if (waiting != null) {
      return Optional.of(reason(waiting));
    }
    Member member = rounds.member(id);
    return member == null ? Optional.empty() : reason(member);
  }

  private Optional<WaitReason> reason(Member member) {
    Round round = member.round();
    Gang gang = round.gang();
    return switch (round.state()) {
      case FORMING -> {
        int arrived = gang.present().values().stream().mapToInt(Integer::intValue).sum();
        yield Optional.of(
            new WaitReason.GangIncomplete(
                gang.id(), arrived, gang.composition().size(), gang.missing()));
      }
      case READY -> Optional.of(new WaitReason.GangWaits(gang.id(), reason(round)));
      case RUNNING ->
          member.state() == Member.State.DONE
              ? Optional.of(
                  new WaitReason.GangUncommitted(gang.id(), round.count(Member.State.IN_FLIGHT)))
              : Optional.empty();
      case FAILED ->
          member.state() == Member.State.IN_FLIGHT
              ? Optional.empty()
              : Optional.of(
                  new WaitReason.RoundFailed(
                      gang.id(), round.epoch(), round.count(Member.State.IN_FLIGHT)));
      case CLOSED -> Optional.empty();
    };
  }

  private WaitReason reason(Candidate candidate) {
    Optional<TaskRequest> overForked = inFlight.overForked(candidate);
    if (overForked.isPresent()) {
      TaskRequest task = overForked.get();
      return new WaitReason.MaxForks(
          task.process(), inFlight.forks(task.process()), task.maxForks());
    }
    int size = candidate.tasks().size();
    if (size > inFlight.places()) {
      return size == 1
          ? new WaitReason.QueueFull(inFlight.size(), config.queueSize())
          : new WaitReason.NoPlaces(size, inFlight.places(), config.queueSize());
    }
    Reservation others = dispatcher.reservationAgainst(candidate);
    if (others != null && (size > dispatcher.places(others) || fits(candidate))) {
      return new WaitReason.RoomReserved(others.owner().label());
    }
    return noRoom(candidate);
  }

  private WaitReason noRoom(Candidate candidate) {
    if (instances.booting() > 0) {
      return new WaitReason.Booting(instances.booting());
    }
    Optional<WaitReason> pause = instances.room() > 0 ? launches.pausing() : Optional.empty();
    if (pause.isPresent()) {
      return pause.get();
    }
    if (candidate.tasks().size() > 1) {
      Resources free =
          instances.open().stream().map(Instance::free).reduce(Resources.NONE, Resources::plus);
      return new WaitReason.NoRoomTogether(
          candidate.needs().stream().reduce(Resources.NONE, Resources::plus), free);
    }
    Resources largest =
        instances.open().stream()
            .map(Instance::free)
            .max(
                Comparator.comparingLong(Resources::millicpus)
                    .thenComparingLong(Resources::memoryBytes))
            .orElse(Resources.NONE);
    return new WaitReason.NoFreeSlice(candidate.needs().get(0), largest);
  }

  private boolean fits(Candidate candidate) {
    Resources[] free = instances.open().stream().map(Instance::free).toArray(Resources[]::new);
    return packing.place(candidate.needs(), free).length > 0;
  }
}
