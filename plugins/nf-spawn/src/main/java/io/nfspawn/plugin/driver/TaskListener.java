package io.nfspawn.plugin.driver;

import io.nfspawn.plugin.scheduler.Failure;
import io.nfspawn.plugin.scheduler.TaskId;

/**
 * Hears what becomes of the tasks it announced. Called on the driver's thread: implementations hand
 * over and return. After {@link #completed}, {@link #failed} or {@link #retried} no more is said
 * about that task.
 */
public interface TaskListener {

  /** The task has its place: prepare it, then call {@link Driver#start}. */
  void assigned(TaskId task, Placement placement);

  /** The agent runs it, as this process of its machine. */
  void started(TaskId task, long pid);

  /** It ended by itself with this status. */
  void completed(TaskId task, int exitStatus);

  /** It did not and will not end by itself. */
  void failed(TaskId task, Failure failure);

  /**
   * It was stopped through no fault of its own; a copy must be run, without counting it against
   * {@code maxRetries}.
   */
  void retried(TaskId task, FreeRetry retry);

  /**
   * A member that was taken from the cache is needed as a sender: run the cached task's script
   * again in a scratch directory and start that under the shadow's id. Nothing more is said about
   * it.
   */
  void shadowAssigned(TaskId shadow, TaskId cached, Placement placement);

  /**
   * Why a task is retried for free.
   *
   * @param reclaims how often the task has lost its instance by now
   * @param reclaimed true when its own instance was taken away, false when its gang's round failed
   * @param message one line for the user
   */
  record FreeRetry(int reclaims, boolean reclaimed, String message) {}
}
