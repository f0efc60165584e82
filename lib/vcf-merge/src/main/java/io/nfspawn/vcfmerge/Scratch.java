package io.nfspawn.vcfmerge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory and disk for chunks that wait: a budget of bytes, and a directory of its own that is made
 * when the first byte goes beyond it and removed at the end. Thread-safe.
 */
final class Scratch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

  private final Path parent;
  private final long limitBytes;
  private long usedBytes;
  private int files;
  private @Nullable Path directory;

  Scratch(MergeLimits limits) {
    this.parent = limits.scratch();
    this.limitBytes = limits.bufferBytes();
  }

  /** False when the budget is used up; then nothing was taken. */
  synchronized boolean reserve(long bytes) {
    if (usedBytes + bytes > limitBytes) {
      return false;
    }
    usedBytes += bytes;
    return true;
  }

  synchronized void release(long bytes) {
    usedBytes -= bytes;
  }

  synchronized Path newFile() throws IOException {
    if (directory == null) {
      directory = Files.createTempDirectory(parent, "vcf-merge-");
      LOG.debug("merge_spills dir={} buffer_bytes={}", directory, limitBytes);
    }
    return directory.resolve(files++ + ".body");
  }

  /** How many files were ever needed. */
  synchronized int files() {
    return files;
  }

  @Override
  public synchronized void close() {
    if (directory == null) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("scratch_left dir={} reason={}", directory, e.toString());
    }
    directory = null;
  }
}
