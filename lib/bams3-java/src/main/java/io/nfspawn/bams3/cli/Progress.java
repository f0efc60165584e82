package io.nfspawn.bams3.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, only when that is a terminal. Owned by one thread. */
final class Progress implements AutoCloseable {
  private final @Nullable ProgressBar bar;

  /**
   * @param total -1 when not known
   */
  Progress(String what, String unit, long unitSize, long total) {
    // System.console() says nothing of standard error alone, which is what counts here
    boolean terminal = System.getenv("TERM") != null && Terminal.isStandardError();
    bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName(what)
                .setUnit(unit, unitSize)
                .setInitialMax(total)
                .build()
            : null;
  }

  void at(long position) {
    if (bar != null) {
      bar.stepTo(position);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
