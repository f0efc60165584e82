package io.nfspawn.plugin.summary;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * How long each process of a run took, from the start of its first task to the end of its last.
 * Thread-safe.
 *
 * <pre>{@code
 * Stage               Tasks   Wall time
 * BAMS3_CONVERT           1       1.9 s
 * CHUNKS_CALL             2       7.4 s
 * CHUNKS_MERGE            1      cached
 * }</pre>
 */
public final class StageTimes {
  private final Map<String, Stage> stages = new LinkedHashMap<>();

  /** A task of the process ran over this time. */
  public synchronized void ran(String process, Instant start, Instant end) {
    stages.merge(simple(process), new Stage(1, 0, start, end), Stage::plus);
  }

  /** A task of the process was taken from the cache of an earlier run. */
  public synchronized void cached(String process) {
    stages.merge(simple(process), new Stage(0, 1, Instant.MAX, Instant.MIN), Stage::plus);
  }

  /**
   * The table above, in the order in which processes first ended a task; empty when nothing ran.
   */
  public synchronized String table() {
    if (stages.isEmpty()) {
      return "";
    }
    int width = stages.keySet().stream().mapToInt(String::length).max().orElse(0);
    String row = "%-" + Math.max(width, 16) + "s  %6s  %10s";
    StringJoiner lines = new StringJoiner("\n");
    lines.add(row.formatted("Stage", "Tasks", "Wall time"));
    stages.forEach(
        (process, stage) -> lines.add(row.formatted(process, stage.tasks(), stage.time())));
    return lines.toString();
  }

  /** The name without its workflow scopes: a stage is told by the name its module gives it. */
  private static String simple(String process) {
    return process.substring(process.lastIndexOf(':') + 1);
  }

  private record Stage(int ran, int fromCache, Instant start, Instant end) {
    Stage plus(Stage other) {
      return new Stage(
          ran + other.ran,
          fromCache + other.fromCache,
          start.isBefore(other.start) ? start : other.start,
          end.isAfter(other.end) ? end : other.end);
    }

    int tasks() {
      return ran + fromCache;
    }

    String time() {
      if (ran == 0) {
        return "cached";
      }
      return String.format(Locale.ROOT, "%.1f s", Duration.between(start, end).toMillis() / 1000.0);
    }
  }
}
