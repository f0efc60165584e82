package io.nfspawn.plugin;

import io.nfspawn.plugin.gang.GangKeys;
import nextflow.processor.TaskProcessor;
import nextflow.processor.TaskRun;
import nextflow.trace.event.TaskEvent;
import org.jspecify.annotations.Nullable;

/** Learns what the executor is not told: which processes are in gangs, which members are cached. */
final class GangObserver {
  private final GangKeys keys;

  GangObserver(GangKeys keys) {
    this.keys = keys;
  }

  void processCreated(@Nullable TaskProcessor process) {
    if (process != null) {
      keys.processCreated(process);
    }
  }

  void cached(@Nullable TaskEvent event) {
    if (event != null) {
      TaskRun task = event.getHandler().getTask();
      if (task.getProcessor().getExecutor() instanceof SpawnExecutor executor) {
        executor.run().cached(task);
      }
    }
  }
}
