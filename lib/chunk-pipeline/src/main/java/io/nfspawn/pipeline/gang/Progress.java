package io.nfspawn.pipeline.gang;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a line at every tenth of a known number of steps. Thread-safe. */
final class Progress {
  private static final Logger log = LoggerFactory.getLogger(Progress.class);
  private static final int LINES = 10;

  private final String what;
  private final int total;
  private int done;

  Progress(String what, int total) {
    this.what = what;
    this.total = total;
  }

  synchronized void step() {
    done++;
    if ((long) done * LINES / total > (done - 1L) * LINES / total) {
      log.info("progress {}={} of={}", what, done, total);
    }
  }
}
