package io.nfspawn.plugin.driver;

import io.nfspawn.plugin.scheduler.TaskId;

/**
 * A task between its assignment and its end. Its start is sent by Nextflow's submitter while a kill
 * comes from the driver's thread, so the two are decided here, one after the other. Thread-safe.
 */
final class Flight {
  private final TaskId task;
  private final Placement placement;
  private boolean sent;
  private boolean killed;

  Flight(TaskId task, Placement placement) {
    this.task = task;
    this.placement = placement;
  }

  TaskId task() {
    return task;
  }

  Placement placement() {
    return placement;
  }

  /** True once, and only while the task was not killed: the start may be sent. */
  synchronized boolean takeOff() {
    boolean first = !sent && !killed;
    sent = sent || first;
    return first;
  }

  /** True when the agent may know the task and must be told; false when it will never start. */
  synchronized boolean kill() {
    killed = true;
    return sent;
  }
}
