package io.nfspawn.plugin;

import nextflow.executor.Executor;
import nextflow.processor.TaskHandler;
import nextflow.processor.TaskMonitor;
import nextflow.processor.TaskRun;
import nextflow.util.ServiceName;
import org.jspecify.annotations.Nullable;
import org.pf4j.ExtensionPoint;

/** {@code process.executor = 'spawn'}: tasks run on instances that the plugin launches itself. */
@ServiceName(SpawnRun.NAME)
public final class SpawnExecutor extends Executor implements ExtensionPoint {
  private @Nullable SpawnRun run;

  @Override
  protected TaskMonitor createTaskMonitor() {
    SpawnRun started = SpawnRun.of(getSession());
    run = started;
    return started.monitor();
  }

  @Override
  public TaskHandler createTaskHandler(TaskRun task) {
    return new SpawnTaskHandler(task, run());
  }

  /** The run's driver and tasks; there from the moment Nextflow has set the executor up. */
  SpawnRun run() {
    if (run == null) {
      throw new IllegalStateException("executor 'spawn' was not initialised");
    }
    return run;
  }

  @Override
  public void shutdown() {
    if (run != null) {
      run.close();
    }
  }
}
