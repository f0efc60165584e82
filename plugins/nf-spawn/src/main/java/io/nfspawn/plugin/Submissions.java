package io.nfspawn.plugin;

import io.nfspawn.plugin.driver.TaskListener.FreeRetry;
import io.nfspawn.plugin.scheduler.Event.ErrorAction;
import java.util.Map;

/** What Nextflow's threads tell the run about their tasks. Nothing blocks. */
interface Submissions {

  /** Nextflow scheduled the task. */
  void arrived(SpawnTaskHandler handler);

  /** The task's wrapper is written: it may start where it was placed. */
  void start(SpawnTaskHandler handler);

  /** Nextflow failed the task because it could not be made ready. */
  void submitFailed(SpawnTaskHandler handler, Throwable cause);

  /** Nextflow gave the task up. */
  void withdraw(SpawnTaskHandler handler);

  /** Nextflow gave up every task that has not been submitted. */
  void withdrawHeld();

  /** The task's copy must be known as one that was stopped before. */
  void retried(SpawnTaskHandler handler, FreeRetry retry);

  /** Nextflow is done with the task and decided what comes of it. */
  void settled(SpawnTaskHandler handler, ErrorAction action);

  /** Name of each waiting task and why it waits. */
  Map<String, String> waitingReasons();
}
