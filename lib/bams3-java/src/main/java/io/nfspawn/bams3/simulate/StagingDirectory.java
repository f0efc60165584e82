package io.nfspawn.bams3.simulate;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A hidden directory that files are written to before they get their final names. A target that is
 * new appears whole, by one rename. One that exists stays the same directory (it may be somebody's
 * current one, or a mount point) and gets the files by a rename each, in place of an earlier data
 * set's; foreign files in it are never touched. Closed without {@link #publish}, or interrupted by
 * a signal, it leaves nothing behind; what a killed simulation left, the next to the same target
 * removes. A lock tells the dead from those at work.
 */
final class StagingDirectory implements AutoCloseable {
  private static final String PREFIX = ".simulating-";
  private static final String LOCK = "lock";

  private final Path target;
  private final Path staging;
  private final FileChannel locked;
  private final Thread cleaner;

  private StagingDirectory(Path target, Path staging, FileChannel locked) {
    this.target = target;
    this.staging = staging;
    this.locked = locked;
    cleaner = new Thread(this::deleteQuietly, "simulate-cleaner");
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  /** Refuses a target that holds foreign files, and a file system that lacks the room. */
  static StagingDirectory of(Path directory, long neededBytes)
      throws IOException, SimulationException {
    Path target = Files.exists(directory) ? directory.toRealPath() : directory.toAbsolutePath();
    requireOwn(directory, target);
    Path parent = Objects.requireNonNullElse(target.normalize().getParent(), target.getRoot());
    Files.createDirectories(parent);
    long freeBytes = Files.getFileStore(parent).getUsableSpace();
    if (freeBytes < neededBytes) {
      throw new SimulationException(
          directory, tooLittleRoom(directory, neededBytes, mebibytes(freeBytes) + " free"));
    }
    Path place = Files.exists(target) ? target : parent;
    Path staging = Files.createDirectories(place.resolve(PREFIX + target.getFileName()));
    FileChannel locked = lock(directory, staging.resolve(LOCK));
    StagingDirectory made = new StagingDirectory(target, staging, locked);
    made.deleteAllBut(LOCK);
    return made;
  }

  private static FileChannel lock(Path directory, Path file)
      throws IOException, SimulationException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Another thread of this process: as good as another process.
    }
    channel.close();
    throw new SimulationException(
        directory,
        "--out="
            + directory
            + " is being written by another simulation; wait for it or name another directory");
  }

  private static void requireOwn(Path directory, Path target)
      throws IOException, SimulationException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new SimulationException(
          directory, "--out=" + directory + " is a file; name a directory that is new or empty");
    }
    String foreign = firstForeign(target);
    if (foreign != null) {
      throw new SimulationException(
          directory,
          "--out="
              + directory
              + " holds '"
              + foreign
              + "', which no simulation wrote; name a directory that is new, empty or from an"
              + " earlier simulation");
    }
  }

  private static @Nullable String firstForeign(Path target) throws IOException {
    try (Stream<Path> entries = Files.list(target)) {
      return entries
          .map(p -> p.getFileName().toString())
          .filter(n -> !DataSet.NAMES.contains(n) && !n.startsWith(PREFIX))
          .sorted()
          .findFirst()
          .orElse(null);
    }
  }

  Path path() {
    return staging;
  }

  void publish() throws IOException {
    Files.delete(staging.resolve(LOCK));
    if (staging.startsWith(target)) {
      for (String name : DataSet.NAMES) {
        Files.move(staging.resolve(name), target.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
      return;
    }
    Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() {
    deleteQuietly();
    closeQuietly();
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException shuttingDown) {
      // The hook runs, or has run: nothing is left to remove.
    }
  }

  private void deleteQuietly() {
    try {
      deleteAllBut(null);
    } catch (IOException e) {
      // The first failure is what the user needs to read; this one would hide it.
    }
  }

  private void closeQuietly() {
    try {
      locked.close();
    } catch (IOException e) {
      // The process's end closes it, too.
    }
  }

  /** With nothing to spare, the directory goes as well. */
  private void deleteAllBut(@Nullable String spared) throws IOException {
    if (!Files.exists(staging)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(staging)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      boolean keep = spared != null && (path.equals(staging) || path.endsWith(spared));
      if (!keep) {
        Files.deleteIfExists(path);
      }
    }
  }

  /**
   * One line for what an I/O error, often wrapped by htsjdk or its writer thread, comes down to.
   */
  static SimulationException explain(Path directory, long neededBytes, Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    if (reason.contains("No space left")) {
      return new SimulationException(
          directory, tooLittleRoom(directory, neededBytes, "the disk filled up"), e);
    }
    if (cause instanceof AccessDeniedException) {
      reason = "no permission to write " + reason;
    } else if (cause instanceof FileAlreadyExistsException) {
      reason = reason + " is not a directory";
    } else if (cause instanceof NoSuchFileException) {
      reason = reason + " does not exist";
    }
    return new SimulationException(
        directory, "--out=" + directory + " cannot be written: " + reason, e);
  }

  private static String tooLittleRoom(Path directory, long neededBytes, String found) {
    return "--out="
        + directory
        + " needs about "
        + mebibytes(neededBytes)
        + ", "
        + found
        + "; free some room or name a directory elsewhere";
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }
}
