package io.nfspawn.plugin;

import io.nfspawn.cloud.InstanceProvider;
import io.nfspawn.cloud.local.LocalInstanceProvider;
import io.nfspawn.cloud.local.LocalSettings;
import io.nfspawn.plugin.config.SpawnSettings;
import io.nfspawn.plugin.driver.Driver;
import io.nfspawn.plugin.driver.Placement;
import io.nfspawn.plugin.driver.TaskListener;
import io.nfspawn.plugin.driver.TaskStart;
import io.nfspawn.plugin.scheduler.Event.ErrorAction;
import io.nfspawn.plugin.scheduler.Failure;
import io.nfspawn.plugin.scheduler.SchedulerConfig;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import io.nfspawn.protocol.ControlPlaneSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import nextflow.Session;
import nextflow.processor.TaskRun;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a workflow on this executor: the tasks between Nextflow and the driver. Thread-safe.
 */
final class SpawnRun implements Submissions, TaskListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SpawnRun.class);

  /** The executor's name and that of its configuration scope. */
  static final String NAME = "spawn";

  private static final Map<Session, SpawnRun> RUNS = new ConcurrentHashMap<>();

  private final Session session;
  private final SpawnMonitor monitor;
  private final TaskRequests requests;
  private final PluginHome home;
  private final Driver driver;
  private final Shadows shadows;
  private final Map<TaskId, SpawnTaskHandler> tasks = new ConcurrentHashMap<>();
  private final Preparation preparation = new Preparation(this::isHeld);

  private SpawnRun(Session session, SpawnSettings settings) {
    this.session = session;
    this.monitor = SpawnMonitor.create(session, NAME, this);
    this.requests = new TaskRequests(settings.local().ranksPerCpu());
    this.home = PluginHome.present();
    RunId runId = RunId.of(session);
    this.shadows =
        new Shadows(session.getWorkDir().resolve("spawn-shadows").resolve(runId.value()));
    SchedulerConfig limits =
        SchedulerConfig.local(
                settings.local().instances(), settings.local().slice(), monitor.getCapacity())
            .withGangArrivalTimeout(settings.gang().arrivalTimeout())
            .withMaxReclaims(settings.maxReclaims());
    this.driver =
        new Driver(
            limits,
            ControlPlaneSettings.loopback(runId.value(), settings.local().lease()),
            provider(settings, runId),
            settings.channel().encryption(),
            this);
  }

  /**
   * The session's run; made by whoever asks first.
   *
   * @throws IllegalArgumentException naming all that is wrong with the {@code spawn} scope
   */
  static SpawnRun of(Session session) {
    return RUNS.computeIfAbsent(session, SpawnRun::create);
  }

  private static SpawnRun create(Session session) {
    Object scope = session.getConfig().get(NAME);
    SpawnRun run =
        new SpawnRun(
            session,
            SpawnSettings.read(
                scope instanceof Map<?, ?> map ? map : null, SpawnSettings.Machine.present()));
    // A script that does not compile ends the session before any executor is set up.
    session.onShutdown(run::close);
    Runtime.getRuntime().addShutdownHook(new Thread(run::close, "spawn-end"));
    return run;
  }

  /** To be called while Nextflow still reads the script: tasks will come. */
  void expectTasks() {
    driver.expectTasks();
  }

  private InstanceProvider provider(SpawnSettings settings, RunId runId) {
    Path logs = Path.of(".nextflow", "spawn", runId.value()).toAbsolutePath();
    return new LocalInstanceProvider(
        LocalSettings.wholeMachine(home.toolsLib(), logs)
            .withInstances(settings.local().instances(), settings.local().slice())
            .withFabric(settings.channel().fabric()));
  }

  SpawnMonitor monitor() {
    return monitor;
  }

  // ---- from Nextflow

  @Override
  public void arrived(SpawnTaskHandler handler) {
    TaskRequest request;
    try {
      request = requests.of(handler.getTask(), handler.id());
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      handler.ended(new Outcome.Failed(new Failure(Failure.Kind.GANG_IMPOSSIBLE, message)));
      monitor.handOver(handler);
      return;
    }
    handler.requested(request);
    tasks.put(handler.id(), handler);
    driver.arrived(request);
    preparation.arrived(handler);
  }

  private boolean isHeld(SpawnTaskHandler handler) {
    return tasks.containsKey(handler.id()) && !handler.isPrepared();
  }

  private @Nullable SpawnTaskHandler forget(TaskId task) {
    SpawnTaskHandler handler = tasks.remove(task);
    preparation.left(task);
    return handler;
  }

  /** A task was taken from the cache: its gang must know that it will never arrive. */
  void cached(TaskRun task) {
    TaskId id = new TaskId(task.getId().toString());
    try {
      TaskRequest request = requests.of(task, id);
      if (request.gang().isPresent()) {
        shadows.cached(id, task);
        driver.cached(request);
      }
    } catch (IllegalArgumentException e) {
      log.warn("event=gang.unreadable task=\"{}\" reason=\"{}\"", task.lazyName(), e.getMessage());
    }
  }

  @Override
  public void start(SpawnTaskHandler handler) {
    preparation.left(handler.id());
    TaskRun task = handler.getTask();
    driver.start(handler.id(), start(task, task.getWorkDir(), handler.request()));
  }

  private TaskStart start(TaskRun task, Path workDir, TaskRequest request) {
    return new TaskStart(
        String.valueOf(task.lazyName()),
        workDir.toUri(),
        request.resources(),
        List.of(home.bin().toString()));
  }

  @Override
  public void withdraw(SpawnTaskHandler handler) {
    forget(handler.id());
    driver.withdrawn(handler.id());
  }

  @Override
  public void withdrawHeld() {
    tasks.values().stream().filter(SpawnTaskHandler::isNew).forEach(this::withdraw);
  }

  @Override
  public void submitFailed(SpawnTaskHandler handler, Throwable cause) {
    forget(handler.id());
    driver.submitFailed(handler.id(), String.valueOf(cause.getMessage()));
  }

  @Override
  public void settled(SpawnTaskHandler handler, ErrorAction action) {
    if (handler.getTask().getFailed() && handler.inGang()) {
      driver.culpritHandled(handler.id(), action);
    }
  }

  @Override
  public void retried(SpawnTaskHandler handler, FreeRetry retry) {
    if (retry.reclaimed()) {
      requests.reclaimed(handler.getTask(), retry.reclaims());
    }
  }

  @Override
  public Map<String, String> waitingReasons() {
    Map<String, String> reasons = new TreeMap<>();
    tasks.forEach(
        (id, handler) ->
            driver
                .waiting(id)
                .ifPresent(
                    reason -> reasons.put(String.valueOf(handler.getTask().lazyName()), reason)));
    return reasons;
  }

  @Override
  public void close() {
    RUNS.remove(session);
    preparation.close();
    driver.close();
    shadows.close();
  }

  // ---- from the driver

  @Override
  public void assigned(TaskId task, Placement placement) {
    SpawnTaskHandler handler = tasks.get(task);
    if (handler != null) {
      handler.placed(placement);
      monitor.handOver(handler);
    }
  }

  @Override
  public void started(TaskId task, long pid) {
    SpawnTaskHandler handler = tasks.get(task);
    if (handler != null) {
      // Nextflow's next poll is soon enough to learn of it; a short task's end comes before that.
      handler.started(pid);
    }
  }

  @Override
  public void completed(TaskId task, int exitStatus) {
    ended(task, new Outcome.Exited(exitStatus));
  }

  @Override
  public void failed(TaskId task, Failure failure) {
    ended(task, new Outcome.Failed(failure));
  }

  @Override
  public void retried(TaskId task, FreeRetry retry) {
    ended(task, new Outcome.Retried(retry));
  }

  private void ended(TaskId task, Outcome outcome) {
    SpawnTaskHandler handler = forget(task);
    if (handler == null) {
      return;
    }
    handler.ended(outcome);
    if (handler.isPlaced()) {
      monitor.signal();
    } else {
      monitor.handOver(handler);
    }
  }

  @Override
  public void shadowAssigned(TaskId shadow, TaskId cached, Placement placement) {
    shadows.prepare(
        shadow,
        cached,
        (task, workDir) -> driver.start(shadow, start(task, workDir, requests.of(task, cached))),
        driver::submitFailed);
  }
}
