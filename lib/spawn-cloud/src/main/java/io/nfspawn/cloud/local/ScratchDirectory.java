package io.nfspawn.cloud.local;

import io.nfspawn.cloud.InstanceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's private directory, {@code <tmp>/spawn-<run>-<instance>-<random>}, mode 700: on a local
 * disk, as keys of gangs and scratch files of their members lie below it.
 */
record ScratchDirectory(Path path) {
  private static final Logger log = LoggerFactory.getLogger(ScratchDirectory.class);

  /** Temporary directories of the JDK have mode 700. */
  static ScratchDirectory create(String runId, InstanceId id) throws IOException {
    return new ScratchDirectory(
        Files.createTempDirectory(parent(), prefix(runId) + id.value() + "-"));
  }

  /** Those that agents of a run left behind. */
  static List<ScratchDirectory> ofRun(String runId) {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(parent(), path -> isOfRun(path, runId))) {
      return Stream.of(found).flatMap(ScratchDirectory::all).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * TMPDIR, which the JVM ignores: a user sets it when /tmp is too small for what tasks keep there.
   */
  private static Path parent() {
    String wanted = System.getenv("TMPDIR");
    return Path.of(
        wanted == null || wanted.isBlank() ? System.getProperty("java.io.tmpdir") : wanted);
  }

  private static Stream<ScratchDirectory> all(DirectoryStream<Path> paths) {
    Stream.Builder<ScratchDirectory> all = Stream.builder();
    paths.forEach(path -> all.add(new ScratchDirectory(path)));
    return all.build();
  }

  private static boolean isOfRun(Path path, String runId) {
    return path.getFileName().toString().startsWith(prefix(runId));
  }

  private static String prefix(String runId) {
    return "spawn-" + runId + "-";
  }

  void remove() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("event=scratch.left path={} reason=\"{}\"", path, e.getMessage());
    }
  }
}
