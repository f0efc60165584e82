package io.nfspawn.plugin.scheduler;

/**
 * Names one submission of a task within a run. A retry is a new submission and has a new id, so an
 * event that arrives late can never be taken for one of the copy. No {@code /} (it separates the
 * parts of {@code SPAWN_TASK}).
 */
public record TaskId(String value) implements Comparable<TaskId> {
  public TaskId {
    if (value.isEmpty() || value.indexOf('/') >= 0) {
      throw new IllegalArgumentException("task id '%s': empty or with a slash".formatted(value));
    }
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
