package io.nfspawn.plugin.driver;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.InstanceProvider;
import io.nfspawn.plugin.scheduler.Action;
import io.nfspawn.plugin.scheduler.Event;
import io.nfspawn.plugin.scheduler.GangSeat;
import io.nfspawn.plugin.scheduler.Scheduler;
import io.nfspawn.plugin.scheduler.SchedulerConfig;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import io.nfspawn.protocol.AgentLink;
import io.nfspawn.protocol.ControlPlaneSettings;
import io.nfspawn.protocol.RoleThreads;
import io.nfspawn.protocol.wire.KillTask;
import io.nfspawn.protocol.wire.Resources;
import io.nfspawn.protocol.wire.StartTask;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the scheduler for real. One thread owns it: what Nextflow, the provider and the agents do
 * comes in as events, and the thread carries out the actions. Every method here may be called from
 * any thread and none blocks, except {@link #close()}.
 */
public final class Driver implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Driver.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration KILL_GRACE = Duration.ofSeconds(2);

  /** What a task's exit status is when it was killed before it started: 128 + SIGTERM. */
  private static final int KILLED = 143;

  private final Clock clock = Clock.systemUTC();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Map<TaskId, Flight> flights = new ConcurrentHashMap<>();
  private final Set<TaskId> shadows = ConcurrentHashMap.newKeySet();
  private final Fleet fleet = new Fleet();
  private final Rendezvous rendezvous;
  private final WaitingLog waitingLog = new WaitingLog();
  private final Scheduler scheduler;
  private final TaskListener listener;
  private final Instances instances;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Starts the driver's thread; instances are launched when tasks need them.
   *
   * @param encryption of every gang's channel: {@code required}, {@code authenticate} or {@code
   *     off}
   */
  public Driver(
      SchedulerConfig config,
      ControlPlaneSettings settings,
      InstanceProvider provider,
      String encryption,
      TaskListener listener) {
    this.rendezvous = new Rendezvous(encryption);
    this.scheduler = new Scheduler(config);
    this.listener = listener;
    this.instances =
        new Instances(
            provider,
            settings,
            new AgentEvents(this::post, clock, fleet, this::agentLeft, this::addressed, listener),
            fleet,
            clock,
            this::post);
    this.thread = new RoleThreads("spawn-driver").newThread(this::run);
    this.thread.start();
  }

  /**
   * Takes the start of control plane and first instance, two seconds of work, off the path of the
   * first task.
   */
  public void expectTasks() {
    post(new Event.TasksExpected(clock.instant()));
  }

  /** Nextflow scheduled the task. */
  public void arrived(TaskRequest request) {
    post(new Event.TaskArrived(clock.instant(), request));
  }

  /** Nextflow gave the task up. */
  public void withdrawn(TaskId task) {
    post(new Event.TaskWithdrawn(clock.instant(), task));
  }

  /** A member of a gang was taken from the cache and will never arrive. */
  public void cached(TaskRequest member) {
    post(new Event.MemberCached(clock.instant(), member));
  }

  /** The task, though assigned, could not be made ready; Nextflow has failed it. */
  public void submitFailed(TaskId task, String message) {
    flights.remove(task);
    post(new Event.SubmitFailed(clock.instant(), task, message));
  }

  /** What Nextflow's error strategy decided for a failed member of a gang. */
  public void culpritHandled(TaskId task, Event.ErrorAction action) {
    post(new Event.CulpritHandled(clock.instant(), task, action));
  }

  /** Sends an assigned task's start to its agent; does nothing when it has been stopped since. */
  public void start(TaskId task, TaskStart start) {
    Flight flight = flights.get(task);
    if (flight == null || !flight.takeOff()) {
      return;
    }
    Placement placement = flight.placement();
    StartTask.Builder message =
        StartTask.newBuilder()
            .setTaskId(task.value())
            .setEpoch(placement.epoch())
            .setWorkDirUri(start.workDir().toString())
            .setResources(wire(start.resources()))
            .addAllPathPrepend(start.pathPrepend())
            .setName(start.name());
    placement.seat().ifPresent(seat -> message.setGang(rendezvous.membership(seat)));
    // An agent that is gone is reported by the control plane, and the task with it.
    fleet.agent(placement.instance()).ifPresent(agent -> agent.start(message.build()));
  }

  /** Why the task waits, in one line; empty when it does not. */
  public Optional<String> waiting(TaskId task) {
    return waitingLog.reason(task);
  }

  /** Ends every task and instance of the run. Idempotent. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    instances.close();
  }

  private void post(Event event) {
    events.add(event);
  }

  private void run() {
    long nextTickNs = System.nanoTime() + TICK.toNanos();
    while (!closed) {
      try {
        List<Event> batch = new ArrayList<>();
        Event first =
            events.poll(Math.max(0, nextTickNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (first != null) {
          batch.add(first);
          events.drainTo(batch);
        }
        boolean tick = System.nanoTime() - nextTickNs >= 0;
        if (tick) {
          nextTickNs = System.nanoTime() + TICK.toNanos();
          batch.add(new Event.Tick(clock.instant()));
        }
        handle(batch);
        if (tick) {
          waitingLog.update(scheduler.waiting());
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.error("event=driver.fault", e);
      }
    }
  }

  private void handle(List<Event> batch) {
    log.trace("event=scheduler.events values={}", batch);
    List<Action> actions = scheduler.handle(batch);
    // All of a gang sit before one of it starts: what each is told names every other.
    actions.forEach(this::seat);
    for (Action action : actions) {
      log.trace("event=scheduler.action value={}", action);
      carryOut(action);
    }
    for (Event event : batch) {
      if (event instanceof Event.TaskExited exited && shadows.remove(exited.task())) {
        // No terminal action names a shadow.
        landed(exited.task());
      }
    }
  }

  private void seat(Action action) {
    if (action instanceof Action.Assign assign) {
      assign.seat().ifPresent(seat -> seat(assign.task(), assign.instance(), seat));
    } else if (action instanceof Action.AssignShadow shadow) {
      seat(shadow.shadow(), shadow.instance(), shadow.seat());
    }
  }

  private void seat(TaskId task, InstanceId instance, GangSeat seat) {
    fleet.agent(instance).ifPresent(agent -> rendezvous.seated(task, seat, agent));
  }

  private void carryOut(Action action) {
    if (action instanceof Action.Assign assign) {
      assign(assign);
    } else if (action instanceof Action.Complete complete) {
      landed(complete.task());
      listener.completed(complete.task(), complete.exitStatus());
    } else if (action instanceof Action.Launch launch) {
      instances.launch(launch);
    } else if (action instanceof Action.Kill kill) {
      kill(kill);
    } else if (action instanceof Action.Release release) {
      instances.release(release.instance(), release.reason());
    } else if (action instanceof Action.Fail fail) {
      landed(fail.task());
      listener.failed(fail.task(), fail.failure());
    } else if (action instanceof Action.FailRound fail) {
      failRound(fail);
    } else if (action instanceof Action.Reclaimed reclaimed) {
      landed(reclaimed.task());
      listener.retried(
          reclaimed.task(),
          new TaskListener.FreeRetry(reclaimed.reclaims(), true, reclaimed.reason()));
    } else if (action instanceof Action.AssignShadow shadow) {
      shadows.add(shadow.shadow());
      Placement placement = depart(shadow.shadow(), shadow.instance(), Optional.of(shadow.seat()));
      listener.shadowAssigned(shadow.shadow(), shadow.cached(), placement);
    }
  }

  private void assign(Action.Assign assign) {
    listener.assigned(assign.task(), depart(assign.task(), assign.instance(), assign.seat()));
  }

  private Placement depart(TaskId task, InstanceId instance, Optional<GangSeat> seat) {
    Optional<AgentLink> agent = fleet.agent(instance);
    Placement placement =
        new Placement(
            instance,
            agent.map(link -> link.hello().getHost()).orElse(""),
            fleet.type(instance),
            fleet.zone(instance),
            seat.map(GangSeat::epoch).orElse(1),
            seat);
    flights.put(task, new Flight(task, placement));
    return placement;
  }

  private void kill(Action.Kill kill) {
    Flight flight = flights.get(kill.task());
    if (flight == null || !flight.kill()) {
      post(
          new Event.TaskExited(
              clock.instant(), kill.task(), KILLED, true, "killed before it started"));
      return;
    }
    KillTask message =
        KillTask.newBuilder()
            .setTaskId(kill.task().value())
            .setEpoch(flight.placement().epoch())
            .setReason(kill.reason())
            .setGraceMs(Math.toIntExact(KILL_GRACE.toMillis()))
            .build();
    fleet.agent(kill.instance()).ifPresent(agent -> agent.kill(message));
  }

  private void failRound(Action.FailRound fail) {
    log.info(
        "event=gang.round.failed gang={} epoch={} innocent={} reason=\"{}\"",
        fail.gang(),
        fail.epoch(),
        fail.innocent().size(),
        fail.message());
    for (TaskId task : fail.innocent()) {
      landed(task);
      listener.retried(task, new TaskListener.FreeRetry(0, false, fail.message()));
    }
  }

  private void landed(TaskId task) {
    Flight flight = flights.remove(task);
    if (flight != null) {
      flight.placement().seat().ifPresent(seat -> rendezvous.left(task, seat));
    }
  }

  private void agentLeft(AgentLink agent, Optional<String> lostBecause) {
    instances.agentLeft(agent);
    InstanceId instance = new InstanceId(agent.instanceId());
    lostBecause.ifPresent(
        reason -> {
          log.warn("event=instance.lost instance={} reason=\"{}\"", instance, reason);
          instances.terminateSoon(instance);
          post(new Event.AgentLost(clock.instant(), instance, reason));
        });
  }

  private void addressed(TaskId task, Map<String, String> endpoints) {
    Flight flight = flights.get(task);
    if (flight == null) {
      return;
    }
    flight
        .placement()
        .seat()
        .ifPresent(
            seat ->
                rendezvous.addressed(
                    seat,
                    endpoints,
                    (instance, update) ->
                        fleet.agent(instance).ifPresent(agent -> agent.members(update))));
  }

  private static Resources wire(io.nfspawn.cloud.Resources resources) {
    return Resources.newBuilder()
        .setMillicpus(Math.toIntExact(resources.millicpus()))
        .setMemoryBytes(resources.memoryBytes())
        .setDiskBytes(resources.diskBytes())
        .setAccelerators(resources.accelerators())
        .build();
  }
}
