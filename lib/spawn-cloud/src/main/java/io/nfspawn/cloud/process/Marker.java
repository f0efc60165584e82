package io.nfspawn.cloud.process;

import java.nio.charset.StandardCharsets;

/**
 * An environment entry by which processes are known to belong to a task, an instance or a run. It
 * is inherited, so {@code setsid} and a lost parent do not shake it off; a program that clears its
 * environment does, and is then found as a descendant only.
 *
 * @param variable {@code SPAWN_TASK} or {@code SPAWN_INSTANCE}
 * @param value the value, or its beginning
 * @param wholeValue false when {@code value} is a beginning
 */
public record Marker(String variable, String value, boolean wholeValue) {
  public static final String TASK = "SPAWN_TASK";
  public static final String INSTANCE = "SPAWN_INSTANCE";

  /** Every process of one attempt at a task. */
  public static Marker ofTask(String runId, String taskId, int epoch) {
    return new Marker(TASK, runId + "/" + taskId + "/" + epoch, true);
  }

  /** An agent and, as they inherit its environment, all of its tasks. */
  public static Marker ofInstance(String runId, String instanceId) {
    return new Marker(INSTANCE, runId + "/" + instanceId, true);
  }

  /** All agents of a run and their tasks. */
  public static Marker ofRun(String runId) {
    return new Marker(INSTANCE, runId + "/", false);
  }

  /**
   * @param environ a process's environment as {@code /proc/<pid>/environ} has it: entries ended by
   *     a zero byte
   */
  boolean isIn(byte[] environ) {
    byte[] entry = (variable + "=" + value).getBytes(StandardCharsets.UTF_8);
    int start = 0;
    while (start < environ.length) {
      int end = start;
      while (end < environ.length && environ[end] != 0) {
        end++;
      }
      if (matches(environ, start, end, entry)) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  private boolean matches(byte[] environ, int start, int end, byte[] entry) {
    int length = end - start;
    if (wholeValue ? length != entry.length : length < entry.length) {
      return false;
    }
    for (int i = 0; i < entry.length; i++) {
      if (environ[start + i] != entry[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return variable + "=" + value + (wholeValue ? "" : "…");
  }
}
