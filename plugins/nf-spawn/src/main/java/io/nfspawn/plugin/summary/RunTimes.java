package io.nfspawn.plugin.summary;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** The stage times of each run in this JVM; normally one. Thread-safe. */
public final class RunTimes {
  private static final Map<Object, StageTimes> RUNS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private RunTimes() {}

  /** The times of the run that a session object stands for. */
  public static StageTimes of(Object session) {
    return RUNS.computeIfAbsent(session, ignored -> new StageTimes());
  }
}
