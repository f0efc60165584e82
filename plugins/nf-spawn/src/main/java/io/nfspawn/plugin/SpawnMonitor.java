package io.nfspawn.plugin;

import io.nfspawn.plugin.scheduler.Event.ErrorAction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nextflow.Session;
import nextflow.exception.ProcessException;
import nextflow.processor.ErrorStrategy;
import nextflow.processor.TaskHandler;
import nextflow.processor.TaskPollingMonitor;
import nextflow.util.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nextflow's queues for this executor. Tasks are held by the driver and enter Nextflow's pending
 * queue only once they have their place, so the submitter never finds one that cannot go: nothing
 * pays for its one-second wait or for rate permits of tasks that are held.
 */
final class SpawnMonitor extends TaskPollingMonitor {
  private static final Logger log = LoggerFactory.getLogger(SpawnMonitor.class);

  private final Submissions run;
  private boolean cancelSeen;

  private SpawnMonitor(Map<String, Object> parameters, Submissions run) {
    super(parameters);
    this.run = run;
  }

  static SpawnMonitor create(Session session, String name, Submissions run) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("session", session);
    parameters.put("name", name);
    parameters.put("capacity", session.getQueueSize(name, 0));
    parameters.put("pollInterval", session.getPollInterval(name, Duration.of("100ms")));
    parameters.put("dumpInterval", session.getMonitorDumpInterval(name));
    return new SpawnMonitor(parameters, run);
  }

  /** A new task: the driver decides when it may go. */
  @Override
  public void schedule(TaskHandler handler) {
    getSession().notifyTaskPending(handler);
    run.arrived((SpawnTaskHandler) handler);
  }

  /** The task has its place, or has ended before it got one: on to the submitter. */
  void handOver(SpawnTaskHandler handler) {
    super.schedule(handler);
  }

  /** Observers were told when the task was scheduled. */
  @Override
  protected void notifyTaskPending(TaskHandler handler) {}

  @Override
  protected boolean canSubmit(TaskHandler handler) {
    ProcessException over = ((SpawnTaskHandler) handler).overBeforeSubmit();
    if (over != null) {
      throw Checked.undeclared(over);
    }
    return handler.isReady();
  }

  @Override
  protected void submit(TaskHandler handler) {
    try {
      super.submit(handler);
    } catch (Throwable e) { // Groovy throws checked exceptions undeclared
      run.submitFailed((SpawnTaskHandler) handler, e);
      throw e;
    }
  }

  @Override
  protected void checkAllTasks(List<TaskHandler> queue) {
    if (getSession().isCancelled() && !cancelSeen) {
      cancelSeen = true;
      run.withdrawHeld();
    }
    super.checkAllTasks(queue);
  }

  @Override
  protected void finalizeTask(TaskHandler handler) {
    super.finalizeTask(handler);
    run.settled((SpawnTaskHandler) handler, errorAction(handler));
  }

  @Override
  protected void notifyTaskComplete(TaskHandler handler) {
    super.notifyTaskComplete(handler);
    run.settled((SpawnTaskHandler) handler, errorAction(handler));
  }

  /** Nextflow's decision about a task that failed. */
  private static ErrorAction errorAction(TaskHandler handler) {
    ErrorStrategy strategy = handler.getTask().getErrorAction();
    if (strategy == null) {
      return ErrorAction.TERMINATE;
    }
    return switch (strategy) {
      case RETRY -> ErrorAction.RETRY;
      case IGNORE -> ErrorAction.IGNORE;
      case FINISH -> ErrorAction.FINISH;
      case TERMINATE -> ErrorAction.TERMINATE;
    };
  }

  @Override
  protected void dumpRunningQueue() {
    run.waitingReasons()
        .forEach(
            (task, reason) ->
                log.info("event=task.waiting task=\"{}\" reason=\"{}\"", task, reason));
    super.dumpRunningQueue();
  }
}
