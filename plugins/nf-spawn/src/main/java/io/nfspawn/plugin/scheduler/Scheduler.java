package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.Failure.Kind;
import io.nfspawn.plugin.scheduler.Flight.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which task runs when and where, and which instances there are. A pure state machine:
 * events in, actions out; no threads, no I/O, no clock of its own.
 *
 * <p>Not thread-safe: one thread owns it. The plugin reports what Nextflow, the provider and the
 * agents do as {@link Event}s and carries out every {@link Action} in the order given; only on
 * {@link Action.Assign} does it hand a task to Nextflow's submitter.
 *
 * <pre>{@code
 * for (Action action : scheduler.handle(new Event.TaskArrived(clock.instant(), request))) {
 *   carryOut(action);
 * }
 * }</pre>
 */
public final class Scheduler {
  private final SchedulerConfig config;
  private final Turn turn;
  private final TaskQueue queue;
  private final InFlight inFlight;
  private final Instances instances;
  private final Launches launches;
  private final GangRules rules;
  private final Rounds rounds;
  private final Gangs gangs;
  private final Dispatcher dispatcher;
  private final Waits waits;
  private boolean noMoreTasks;

  public Scheduler(SchedulerConfig config) {
    this.config = config;
    Parts parts = Parts.of(config);
    turn = parts.turn();
    queue = parts.queue();
    inFlight = parts.inFlight();
    instances = parts.instances();
    launches = parts.launches();
    rules = parts.rules();
    rounds = parts.rounds();
    gangs = parts.gangs();
    dispatcher = new Dispatcher(parts);
    waits = new Waits(parts, dispatcher);
  }

  /** Takes one event in; returns what is to be done because of it, in order. */
  public List<Action> handle(Event event) {
    return handle(List.of(event));
  }

  /**
   * Takes several events in and decides once, after the last: a burst of arrivals then makes one
   * launch and not one each.
   */
  public List<Action> handle(List<? extends Event> events) {
    for (Event event : events) {
      turn.advanceTo(event.at());
      take(event);
    }
    do {
      if (turn.takeChange()) {
        dispatcher.run();
      }
      boolean ending = noMoreTasks && queue.isEmpty() && gangs.ready().isEmpty();
      instances.releaseUnneeded(dispatcher.isRoomWanted(), ending);
    } while (turn.isChanged());
    return turn.takeActions();
  }

  /** Every task that arrived and is neither in flight nor ended, with the one reason why. */
  public Map<TaskId, WaitReason> waiting() {
    return waits.all();
  }

  /** The reason one task waits; empty when it is in flight, ended or unknown. */
  public Optional<WaitReason> waiting(TaskId task) {
    return waits.of(task);
  }

  /** Number of tasks and shadows in flight. */
  public int inFlight() {
    return inFlight.size();
  }

  /** The instances that exist or were asked for, in the order of their launch. */
  public List<InstanceState> instances() {
    return instances.all().stream()
        .map(
            instance ->
                new InstanceState(
                    instance.id(),
                    instance.isJoined(),
                    instance.isCordoned(),
                    instance.capacity(),
                    instance.free(),
                    instance.flights().stream().map(Flight::id).toList()))
        .toList();
  }

  private void take(Event event) {
    // A switch over patterns needs Java 21.
    if (event instanceof Event.TaskArrived arrived) {
      arrived(arrived.task());
    } else if (event instanceof Event.TaskWithdrawn withdrawn) {
      withdrawn(withdrawn.task());
    } else if (event instanceof Event.MemberCached cached) {
      gangs.cached(cached.task());
    } else if (event instanceof Event.SubmitFailed failed) {
      submitFailed(failed);
    } else if (event instanceof Event.TaskStarted started) {
      started(started.task());
    } else if (event instanceof Event.TaskExited exited) {
      exited(exited);
    } else if (event instanceof Event.CulpritHandled handled) {
      rounds.decided(handled.culprit(), handled.action());
    } else if (event instanceof Event.NoMoreTasks) {
      noMoreTasks = true;
      gangs.noMoreTasks();
      turn.change();
    } else if (event instanceof Event.TasksExpected) {
      launches.expectTasks();
    } else if (event instanceof Event.Tick) {
      tick();
    } else {
      takeOfInstance(event);
    }
  }

  private void takeOfInstance(Event event) {
    if (event instanceof Event.Launched launched) {
      Instance instance = instances.get(launched.instance());
      if (instance != null) {
        instance.launched(launched.capacity());
        turn.change();
      }
    } else if (event instanceof Event.LaunchFailed failed) {
      launches.failed(failed);
    } else if (event instanceof Event.AgentJoined joined) {
      joined(joined.instance(), joined.capacity());
    } else if (event instanceof Event.AgentLost lost) {
      lost(lost.instance(), lost.reason());
    } else if (event instanceof Event.Interrupted interrupted) {
      Instance instance = instances.get(interrupted.instance());
      if (instance != null) {
        instances.cordon(instance, "is being taken away");
      }
    }
  }

  private void arrived(TaskRequest task) {
    if (task.gang().isPresent()) {
      gangs.arrived(task);
      return;
    }
    Optional<Failure> failure = rules.tooLarge(task);
    if (failure.isPresent()) {
      turn.act(new Action.Fail(task.id(), failure.get()));
      return;
    }
    boolean first = queue.add(new TaskQueue.Waiting(task, turn.nextSequence(), turn.now()));
    if (first || launches.arePossible()) {
      turn.change();
    }
  }

  private void withdrawn(TaskId id) {
    Flight flight = inFlight.get(id);
    Member member = rounds.member(id);
    if (queue.remove(id)) {
      turn.change();
    } else if (flight != null) {
      inFlight.withdraw(flight);
    }
    if (member != null && member.state() == Member.State.HELD) {
      gangs.withdrawn(member);
    } else if (member != null) {
      rounds.withdrawn(member);
    }
    rounds.decided(id, Event.ErrorAction.TERMINATE);
  }

  private void submitFailed(Event.SubmitFailed event) {
    Flight flight = inFlight.remove(event.task());
    Member member = flight == null ? null : flight.member();
    if (member != null) {
      rounds.submitFailed(member, event.message());
    }
  }

  private void started(TaskId id) {
    Flight flight = inFlight.get(id);
    if (flight != null) {
      flight.start(turn.now());
    }
  }

  private void exited(Event.TaskExited exit) {
    Flight flight = inFlight.remove(exit.task());
    if (flight == null) {
      return;
    }
    Member member = flight.member();
    if (member != null) {
      rounds.exited(flight, member, exit);
    } else if (flight.isStoppedFor(Stop.Cause.WITHDRAWN)) {
      return;
    } else if (exit.exitStatus() == 0 && !exit.killedByAgent()) {
      turn.act(new Action.Complete(exit.task(), 0));
    } else if (flight.isStoppedFor(Stop.Cause.TIME_LIMIT)) {
      overTime(flight);
    } else if (exit.killedByAgent()) {
      reclaimed(flight, exit.reason());
    } else {
      turn.act(new Action.Complete(exit.task(), exit.exitStatus()));
    }
  }

  private void joined(InstanceId id, Resources capacity) {
    Instance instance = instances.get(id);
    if (instance == null) {
      turn.act(new Action.Release(id, "not awaited: it was released, lost or never asked for"));
    } else if (!instance.isJoined()) {
      if (instance.asked().fitsIn(capacity)) {
        instances.join(instance, capacity);
        launches.joined();
      } else {
        launches.bootFailed(
            instance,
            "%s joined with %s, but at least %s was asked for"
                .formatted(id, Amounts.text(capacity), Amounts.text(instance.asked())));
      }
    }
  }

  private void lost(InstanceId id, String reason) {
    Instance instance = instances.get(id);
    if (instance == null) {
      return;
    }
    if (!instance.isJoined()) {
      launches.bootFailed(instance, reason);
      return;
    }
    instances.forget(instance);
    List<Flight> flights = new ArrayList<>(instance.flights());
    flights.forEach(flight -> inFlight.remove(flight.id()));
    for (Flight flight : flights) {
      Member member = flight.member();
      if (member != null) {
        rounds.lost(member, "instance %s was lost: %s".formatted(id, reason));
      } else if (flight.isStoppedFor(Stop.Cause.TIME_LIMIT)) {
        overTime(flight);
      } else if (!flight.isStoppedFor(Stop.Cause.WITHDRAWN)) {
        reclaimed(flight, reason);
      }
    }
  }

  private void overTime(Flight flight) {
    String message = InFlight.timeLimitMessage(flight.request());
    turn.act(new Action.Fail(flight.id(), new Failure(Kind.TIME_LIMIT, message)));
  }

  private void reclaimed(Flight flight, String reason) {
    TaskRequest task = flight.request();
    int reclaims = task.reclaims() + 1;
    turn.act(
        reclaims <= config.maxReclaims()
            ? new Action.Reclaimed(task.id(), flight.instance().id(), reclaims, reason)
            : new Action.Fail(
                task.id(),
                new Failure(
                    Kind.RECLAIMED_TOO_OFTEN,
                    "%s lost its instance %s (spawn.maxReclaims is %d), the last time %s: %s"
                        .formatted(
                            task.name(),
                            Amounts.count(reclaims, "time"),
                            config.maxReclaims(),
                            flight.instance().id(),
                            reason))));
  }

  private void tick() {
    inFlight.tick();
    launches.tick();
    gangs.tick(inFlight.size() > 0 || !queue.isEmpty());
    turn.change();
  }
}
