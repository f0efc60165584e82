package io.nfspawn.plugin;

import io.nfspawn.plugin.driver.Placement;
import io.nfspawn.plugin.driver.TaskListener.FreeRetry;
import io.nfspawn.plugin.scheduler.Failure;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import nextflow.cloud.types.CloudMachineInfo;
import nextflow.cloud.types.PriceModel;
import nextflow.exception.ProcessException;
import nextflow.exception.ProcessUnrecoverableException;
import nextflow.processor.TaskHandler;
import nextflow.processor.TaskRun;
import nextflow.processor.TaskStatus;
import nextflow.trace.TraceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One submission of a task. What the driver says about it is kept here; Nextflow's threads only
 * read it, so none of them ever waits.
 */
final class SpawnTaskHandler extends TaskHandler {
  private static final Logger log = LoggerFactory.getLogger(SpawnTaskHandler.class);

  private final Submissions run;
  private final TaskId id;
  private final FutureTask<@Nullable Void> wrapper = new FutureTask<>(this::writeWrapper, null);
  private volatile @Nullable TaskRequest request;
  private volatile @Nullable Placement placement;
  private volatile long pid;
  private volatile @Nullable Outcome outcome;

  SpawnTaskHandler(TaskRun task, Submissions run) {
    super(task);
    this.run = run;
    this.id = new TaskId(task.getId().toString());
  }

  TaskId id() {
    return id;
  }

  void requested(TaskRequest what) {
    request = what;
  }

  TaskRequest request() {
    TaskRequest known = request;
    if (known == null) {
      throw new IllegalStateException("task %s was never announced".formatted(id));
    }
    return known;
  }

  boolean inGang() {
    TaskRequest known = request;
    return known != null && known.gang().isPresent();
  }

  boolean isPlaced() {
    return placement != null;
  }

  void placed(Placement where) {
    placement = where;
  }

  void started(long processId) {
    pid = processId;
  }

  void ended(Outcome how) {
    outcome = how;
  }

  /** Why the task cannot be submitted any more; {@code null} while it can. */
  @Nullable ProcessException overBeforeSubmit() {
    Outcome how = outcome;
    if (how instanceof Outcome.Failed failed) {
      return error(failed.failure());
    }
    if (how instanceof Outcome.Retried retried) {
      // Nextflow looks at the cause.
      return new ProcessException(retried.retry().message(), retriedForFree(retried.retry()));
    }
    return null;
  }

  @Override
  public void prepareLauncher() {
    prepareAhead();
    try {
      wrapper.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing the wrapper of " + id, e);
    } catch (ExecutionException e) {
      throw Checked.undeclared(Objects.requireNonNull(e.getCause()));
    }
  }

  /** Writes the wrapper unless that was done or is being done; its failure is told later. */
  void prepareAhead() {
    wrapper.run();
  }

  boolean isPrepared() {
    return wrapper.isDone();
  }

  private void writeWrapper() {
    TaskWrapper.of(getTask().toTaskBean()).build();
  }

  @Override
  public void submit() {
    run.start(this);
    setStatus(TaskStatus.SUBMITTED);
  }

  @Override
  public boolean checkIfRunning() {
    if (isSubmitted() && (pid != 0 || outcome != null)) {
      setStatus(TaskStatus.RUNNING);
      return true;
    }
    return false;
  }

  @Override
  public boolean checkIfCompleted() {
    Outcome how = outcome;
    if (how == null || !isRunning()) {
      return false;
    }
    TaskRun task = getTask();
    Path stderr = task.getWorkDir().resolve(TaskRun.CMD_ERRFILE);
    task.setStdout(task.getWorkDir().resolve(TaskRun.CMD_OUTFILE));
    task.setStderr(stderr);
    if (how instanceof Outcome.Exited exited) {
      task.setExitStatus(exited.status());
      if (exited.status() != 0) {
        WrapperLog.tail(task.getWorkDir()).ifPresent(task::setStderr);
      }
    } else if (how instanceof Outcome.Failed failed) {
      task.setError(error(failed.failure()));
    } else if (how instanceof Outcome.Retried retried) {
      log.info(
          "event=task.retried task=\"{}\" reason=\"{}\"",
          task.lazyName(),
          retried.retry().message());
      task.setError(retriedForFree(retried.retry()));
    }
    setStatus(TaskStatus.COMPLETED);
    return true;
  }

  private ProcessException error(Failure failure) {
    if (failure.kind() == Failure.Kind.TIME_LIMIT) {
      // the words of Nextflow's own local executor
      return new ProcessException(
          "Process exceeded running time limit (%s)".formatted(getTask().getConfig().getTime()));
    }
    return failure.kind().retryable()
        ? new ProcessException(failure.message())
        : new ProcessUnrecoverableException(failure.message());
  }

  private FreeRetryException retriedForFree(FreeRetry retry) {
    // Nextflow will add one to the failures that count against maxRetries; this one must not.
    getTask().setFailCount(getTask().getFailCount() - 1);
    run.retried(this, retry);
    return new FreeRetryException(retry.message());
  }

  @Override
  protected void killTask() {
    run.withdraw(this);
  }

  @Override
  public String getStatusString() {
    return outcome instanceof Outcome.Retried retried && retried.retry().reclaimed()
        ? "RECLAIMED"
        : super.getStatusString();
  }

  @Override
  public TraceRecord getTraceRecord() {
    TraceRecord record = super.getTraceRecord();
    if (pid != 0) {
      record.put("native_id", pid);
    }
    Placement where = placement;
    if (where != null) {
      record.put("hostname", where.host());
      record.setMachineInfo(
          new CloudMachineInfo(where.instanceType(), where.zone(), PriceModel.standard));
    }
    return record;
  }
}
