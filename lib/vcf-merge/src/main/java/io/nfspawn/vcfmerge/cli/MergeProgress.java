package io.nfspawn.vcfmerge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A bar on stderr when that is a terminal, else nothing. */
final class MergeProgress implements AutoCloseable {
  private final @Nullable ProgressBar bar;

  MergeProgress(int chunks) {
    bar =
        stderrIsTerminal()
            ? new ProgressBarBuilder()
                .setTaskName("merge")
                .setUnit(" chunks", 1)
                .setInitialMax(chunks)
                .build()
            : null;
  }

  /** System.console() also looks at stdin, and is never null from JDK 22 on. */
  private static boolean stderrIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  void step() {
    if (bar != null) {
      bar.step();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
