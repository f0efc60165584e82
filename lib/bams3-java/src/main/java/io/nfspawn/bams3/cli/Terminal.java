package io.nfspawn.bams3.cli;

import java.io.IOException;
import java.nio.file.Path;

/** Java has no isatty for one stream; on Linux the link of the open file says it. */
final class Terminal {
  private Terminal() {}

  static boolean isStandardError() {
    try {
      String target = Path.of("/proc/self/fd/2").toRealPath().toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
