package io.nfspawn.it.simulator;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.Action;
import io.nfspawn.plugin.scheduler.Event;
import io.nfspawn.plugin.scheduler.GangId;
import io.nfspawn.plugin.scheduler.GangSeat;
import io.nfspawn.plugin.scheduler.Scheduler;
import io.nfspawn.plugin.scheduler.SchedulerConfig;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import io.nfspawn.plugin.scheduler.WaitReason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps its own books from events and actions alone and checks after every step: no instance is
 * over-committed, queueSize and maxForks hold, a gang starts whole or not at all and one round
 * after the other, every task gets exactly one terminal action. Now and then, because it costs
 * more: every task is in flight or has a reason to wait.
 */
final class Invariants {
  private final SchedulerConfig config;
  private final Map<TaskId, TaskRequest> known = new HashMap<>();
  private final Set<TaskId> live = new HashSet<>();
  private final Set<TaskId> terminal = new HashSet<>();
  private final Map<TaskId, Flight> flights = new HashMap<>();
  private final Map<InstanceId, Resources> free = new HashMap<>();
  private final Map<InstanceId, Resources> asked = new HashMap<>();
  private final Map<String, Integer> forks = new HashMap<>();
  private final Map<GangId, Integer> epochs = new HashMap<>();
  private final Map<GangId, Integer> seated = new HashMap<>();

  private record Flight(TaskRequest task, InstanceId instance) {}

  Invariants(SchedulerConfig config) {
    this.config = config;
  }

  int inFlight() {
    return flights.size();
  }

  int terminal() {
    return terminal.size();
  }

  void check(Event event, List<Action> actions) {
    take(event);
    Map<GangId, Set<Integer>> ranks = new LinkedHashMap<>();
    Map<GangId, Integer> sizes = new HashMap<>();
    for (Action action : actions) {
      if (action instanceof Action.Assign assign) {
        require(live.contains(assign.task()), "assigned a task that has ended: %s", assign);
        require(!flights.containsKey(assign.task()), "assigned twice: %s", assign);
        start(assign.task(), known.get(assign.task()), assign.instance());
        assign.seat().ifPresent(seat -> sit(seat, ranks, sizes));
      } else if (action instanceof Action.AssignShadow assign) {
        start(assign.shadow(), known.get(assign.cached()), assign.instance());
        sit(assign.seat(), ranks, sizes);
      } else {
        take(action);
      }
    }
    ranks.forEach(
        (gang, taken) ->
            require(
                taken.size() == sizes.get(gang)
                    && taken.equals(new TreeSet<>(range(sizes.get(gang)))),
                "gang %s started with ranks %s of %s",
                gang,
                taken,
                sizes.get(gang)));
  }

  private void take(Event event) {
    if (event instanceof Event.TaskArrived arrived) {
      known.put(arrived.task().id(), arrived.task());
      live.add(arrived.task().id());
    } else if (event instanceof Event.MemberCached cached) {
      known.put(cached.task().id(), cached.task());
    } else if (event instanceof Event.TaskWithdrawn withdrawn) {
      live.remove(withdrawn.task());
    } else if (event instanceof Event.SubmitFailed failed) {
      if (flights.containsKey(failed.task())) {
        live.remove(failed.task());
      }
      end(failed.task());
    } else if (event instanceof Event.TaskExited exited) {
      end(exited.task());
    } else if (event instanceof Event.AgentJoined joined) {
      Resources expected = asked.remove(joined.instance());
      if (expected != null) {
        free.put(joined.instance(), joined.capacity());
      }
    } else if (event instanceof Event.AgentLost lost) {
      asked.remove(lost.instance());
      if (free.remove(lost.instance()) != null) {
        List<TaskId> gone =
            flights.entrySet().stream()
                .filter(flight -> flight.getValue().instance().equals(lost.instance()))
                .map(Map.Entry::getKey)
                .toList();
        gone.forEach(this::end);
      }
    } else if (event instanceof Event.LaunchFailed failed) {
      failed.instances().forEach(asked::remove);
    }
  }

  private void take(Action action) {
    if (action instanceof Action.Launch launch) {
      launch.instances().forEach(id -> asked.put(id, launch.atLeast()));
      require(
          asked.size() + free.size() <= config.maxInstances(),
          "%d instances of at most %d",
          asked.size() + free.size(),
          config.maxInstances());
    } else if (action instanceof Action.Release release) {
      asked.remove(release.instance());
      free.remove(release.instance());
      require(
          flights.values().stream().noneMatch(f -> f.instance().equals(release.instance())),
          "released with tasks: %s",
          release);
    } else if (action instanceof Action.Complete complete) {
      terminal(complete.task());
    } else if (action instanceof Action.Fail fail) {
      terminal(fail.task());
    } else if (action instanceof Action.Reclaimed reclaimed) {
      terminal(reclaimed.task());
    } else if (action instanceof Action.FailRound round) {
      round.innocent().forEach(this::terminal);
    } else if (action instanceof Action.Kill kill) {
      require(flights.containsKey(kill.task()), "killed what does not run: %s", kill);
    }
  }

  private void start(TaskId id, TaskRequest task, InstanceId instance) {
    Resources left = free.get(instance);
    require(left != null, "%s assigned to %s, which is not there", id, instance);
    require(task.resources().fitsIn(left), "%s over-commits %s: %s free", task, instance, left);
    free.put(instance, left.minus(task.resources()));
    flights.put(id, new Flight(task, instance));
    task.gang().ifPresent(gang -> seated.merge(gang.gang(), 1, Integer::sum));
    int of = forks.merge(task.process(), 1, Integer::sum);
    require(task.maxForks() == 0 || of <= task.maxForks(), "maxForks of %s: %d", task, of);
    require(
        config.queueSize() == 0 || flights.size() <= config.queueSize(),
        "%d in flight, queueSize %d",
        flights.size(),
        config.queueSize());
  }

  private void end(TaskId id) {
    Flight flight = flights.remove(id);
    if (flight != null) {
      TaskRequest task = flight.task();
      free.computeIfPresent(flight.instance(), (key, left) -> left.plus(task.resources()));
      forks.merge(task.process(), -1, Integer::sum);
      task.gang().ifPresent(gang -> seated.merge(gang.gang(), -1, Integer::sum));
    }
  }

  private void terminal(TaskId task) {
    require(live.remove(task), "terminal action for %s, which is not alive", task);
    require(terminal.add(task), "second terminal action for %s", task);
    require(!flights.containsKey(task), "%s has ended but is in flight", task);
  }

  private void sit(GangSeat seat, Map<GangId, Set<Integer>> ranks, Map<GangId, Integer> sizes) {
    Set<Integer> taken = ranks.get(seat.gang());
    if (taken == null) {
      taken = new TreeSet<>();
      ranks.put(seat.gang(), taken);
      sizes.put(seat.gang(), seat.size());
      int epoch = epochs.merge(seat.gang(), 1, Integer::sum);
      require(epoch == seat.epoch(), "%s follows round %d", seat, epoch - 1);
      require(seated.get(seat.gang()) == 1, "%s starts while the last round runs", seat);
    }
    require(taken.add(seat.rank()), "rank taken twice: %s", seat);
  }

  /** Every task is in flight, or waits for a reason that can be said. */
  void checkAll(Scheduler scheduler) {
    Map<TaskId, WaitReason> waiting = scheduler.waiting();
    for (TaskId task : live) {
      require(
          flights.containsKey(task) != waiting.containsKey(task),
          "%s: in flight %s, waits: %s",
          task,
          flights.containsKey(task),
          waiting.get(task));
    }
    waiting.forEach(
        (task, reason) -> {
          require(live.contains(task), "%s waits but has ended", task);
          require(!reason.text().isBlank() && !reason.text().contains("\n"), "%s", reason);
        });
    require(
        scheduler.inFlight() == flights.size(),
        "%d in flight, counted %d",
        scheduler.inFlight(),
        flights.size());
  }

  void checkNothingLeft(Scheduler scheduler) {
    require(live.isEmpty(), "never ended: %s", live);
    require(scheduler.waiting().isEmpty(), "still waiting: %s", scheduler.waiting());
    require(scheduler.instances().isEmpty(), "not released: %s", scheduler.instances());
    require(free.isEmpty() && asked.isEmpty(), "not released: %s %s", free, asked);
  }

  private static Set<Integer> range(int size) {
    Set<Integer> ranks = new TreeSet<>();
    for (int i = 0; i < size; i++) {
      ranks.add(i);
    }
    return ranks;
  }

  private static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new AssertionError(message.formatted(values));
    }
  }
}
