package io.nfspawn.agent;

/** One attempt at a task. */
record TaskKey(String taskId, int epoch) {
  @Override
  public String toString() {
    return taskId + "/" + epoch;
  }
}
