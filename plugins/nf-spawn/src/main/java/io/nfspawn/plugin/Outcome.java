package io.nfspawn.plugin;

import io.nfspawn.plugin.driver.TaskListener.FreeRetry;
import io.nfspawn.plugin.scheduler.Failure;

/** How a task ended, as the driver says; the handler turns it into Nextflow's terms. */
sealed interface Outcome {

  /** The task's own exit status. */
  record Exited(int status) implements Outcome {}

  /** No exit status of its own. */
  record Failed(Failure failure) implements Outcome {}

  /** To be run again, through no fault of its own. */
  record Retried(FreeRetry retry) implements Outcome {}
}
