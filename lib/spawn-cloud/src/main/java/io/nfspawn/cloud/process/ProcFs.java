package io.nfspawn.cloud.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads Linux's {@code /proc}. A process that ends while it is looked at, or that this user may not
 * see, is left out.
 */
final class ProcFs {
  private static final Path ROOT = Path.of("/proc");

  private ProcFs() {}

  /** One living process; zombies are not living. */
  record Entry(long pid, long parentPid) {}

  static boolean isAvailable() {
    return Files.isReadable(ROOT.resolve("self/environ"));
  }

  static List<Entry> entries() {
    var entries = new ArrayList<Entry>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(ROOT, "[0-9]*")) {
      for (Path directory : directories) {
        entry(Long.parseLong(directory.getFileName().toString())).ifPresent(entries::add);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot list " + ROOT + ": " + e.getMessage(), e);
    }
    return entries;
  }

  static boolean carries(long pid, Marker marker) {
    try {
      return marker.isIn(Files.readAllBytes(ROOT.resolve(pid + "/environ")));
    } catch (IOException e) {
      return false;
    }
  }

  /** {@code /proc/<pid>/stat} is "pid (name) state ppid …"; the name may hold anything. */
  private static Optional<Entry> entry(long pid) {
    try {
      String stat =
          new String(Files.readAllBytes(ROOT.resolve(pid + "/stat")), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3);
      boolean dead = fields[0].equals("Z") || fields[0].equals("X");
      return dead ? Optional.empty() : Optional.of(new Entry(pid, Long.parseLong(fields[1])));
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
