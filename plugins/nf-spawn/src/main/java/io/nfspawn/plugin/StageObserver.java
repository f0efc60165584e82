package io.nfspawn.plugin;

import io.nfspawn.plugin.summary.StageTimes;
import java.time.Instant;
import nextflow.trace.TraceRecord;
import nextflow.trace.event.TaskEvent;
import org.jspecify.annotations.Nullable;

/** Notes for each task of a run when it started and ended. */
final class StageObserver {
  private final StageTimes times;

  StageObserver(StageTimes times) {
    this.times = times;
  }

  void completed(@Nullable TaskEvent event) {
    TraceRecord trace = event == null ? null : event.getTrace();
    if (trace == null || !(trace.get("complete") instanceof Long complete)) {
      return;
    }
    Object start = trace.get("start") instanceof Long started ? started : trace.get("submit");
    Instant began =
        start instanceof Long millis
            ? Instant.ofEpochMilli(millis)
            : Instant.ofEpochMilli(complete);
    times.ran(String.valueOf(trace.get("process")), began, Instant.ofEpochMilli(complete));
  }

  void cached(@Nullable TaskEvent event) {
    if (event != null) {
      times.cached(event.getHandler().getTask().getProcessor().getName());
    }
  }
}
