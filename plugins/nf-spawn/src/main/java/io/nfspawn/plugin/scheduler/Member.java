package io.nfspawn.plugin.scheduler;

/** One seat of a round and who sits on it. */
final class Member {
  private final TaskRequest task;
  private final boolean shadow;
  private final Round round;
  private State state = State.HELD;
  private int rank = -1;

  enum State {
    HELD,
    IN_FLIGHT,
    /** Exited 0; waits for the others. */
    DONE,
    /** Ended in any other way. */
    ENDED
  }

  /**
   * @param shadow the task was taken from the cache and is run again for its messages only
   */
  Member(TaskRequest task, boolean shadow, Round round) {
    this.task = task;
    this.shadow = shadow;
    this.round = round;
  }

  TaskRequest task() {
    return task;
  }

  boolean isShadow() {
    return shadow;
  }

  Round round() {
    return round;
  }

  String role() {
    return task.gang().orElseThrow().role();
  }

  /** What events about this run of it carry. */
  TaskId runId() {
    return shadow ? new TaskId("%s-shadow-%d".formatted(task.id(), round.epoch())) : task.id();
  }

  State state() {
    return state;
  }

  void become(State next) {
    state = next;
  }

  void seat(int newRank) {
    rank = newRank;
  }

  GangSeat seat() {
    return new GangSeat(
        round.gang().id(), round.epoch(), role(), rank, round.gang().composition().size());
  }
}
