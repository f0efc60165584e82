package io.nfspawn.plugin.scheduler;

import io.nfspawn.plugin.scheduler.Flight.Stop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that is in flight: what queueSize and maxForks count, what is timed and what is stopped. */
final class InFlight {
  private final SchedulerConfig config;
  private final Turn turn;
  private final Map<TaskId, Flight> flights = new LinkedHashMap<>();
  private final Map<String, Integer> forks = new HashMap<>();

  InFlight(SchedulerConfig config, Turn turn) {
    this.config = config;
    this.turn = turn;
  }

  void add(Flight flight) {
    flights.put(flight.id(), flight);
    flight.instance().add(flight);
    forks.merge(flight.request().process(), 1, Integer::sum);
  }

  @Nullable Flight remove(TaskId id) {
    Flight flight = flights.remove(id);
    if (flight == null) {
      return null;
    }
    flight.instance().remove(flight, turn.now());
    forks.computeIfPresent(flight.request().process(), (process, n) -> n > 1 ? n - 1 : null);
    Reservation overtaken = flight.overtakes();
    if (overtaken != null) {
      overtaken.ended(flight);
    }
    turn.change();
    return flight;
  }

  @Nullable Flight get(TaskId id) {
    return flights.get(id);
  }

  int size() {
    return flights.size();
  }

  int forks(String process) {
    return forks.getOrDefault(process, 0);
  }

  /** A task of the candidate whose process would exceed its maxForks. */
  Optional<TaskRequest> overForked(Candidate candidate) {
    for (TaskRequest task : candidate.tasks()) {
      int limit = task.maxForks();
      if (limit > 0 && forks(task.process()) + candidate.forksOf(task.process()) > limit) {
        return Optional.of(task);
      }
    }
    return Optional.empty();
  }

  /** How many more tasks queueSize lets start. */
  int places() {
    return config.queueSize() == 0
        ? Integer.MAX_VALUE
        : Math.max(0, config.queueSize() - flights.size());
  }

  /** Tells a task to stop; the first cause is the one that counts. */
  void stop(Flight flight, Stop.Cause cause, String reason) {
    if (flight.stop() == null) {
      order(flight, new Stop(cause, reason, turn.now()));
    }
  }

  /** A withdrawal outdoes any earlier cause: nobody waits for the task's end any more. */
  void withdraw(Flight flight) {
    order(flight, new Stop(Stop.Cause.WITHDRAWN, "cancelled by Nextflow", turn.now()));
  }

  /** Notices time limits, and kills that brought no exit. */
  void tick() {
    for (Flight flight : new ArrayList<>(flights.values())) {
      Stop stop = flight.stop();
      if (stop != null) {
        if (!turn.now().isBefore(stop.at().plus(config.killRepeat()))) {
          order(flight, new Stop(stop.cause(), stop.reason(), turn.now()));
        }
      } else if (flight.isOverTime(turn.now())) {
        stop(flight, Stop.Cause.TIME_LIMIT, timeLimitMessage(flight.request()));
      }
    }
  }

  static String timeLimitMessage(TaskRequest task) {
    return "%s ran longer than its time limit of %s: raise time in process %s"
        .formatted(
            task.name(), task.timeLimit().map(Amounts::text).orElse("nothing"), task.process());
  }

  private void order(Flight flight, Stop stop) {
    flight.stop(stop);
    turn.act(new Action.Kill(flight.id(), flight.instance().id(), stop.reason()));
  }
}
