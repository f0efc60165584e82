package io.nfspawn.transport.fabric;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file beside a region in {@code /dev/shm}, locked as long as the process lives that made the
 * region: so others know whether it does. The number of a process, which names its region, means
 * another one, or none, to containers that share the directory but not their processes. Regions
 * without such a file belong to other programs and are left alone.
 */
final class RegionClaim implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RegionClaim.class);
  private static final String PREFIX = "nf-spawn:";
  private static final String UNFINISHED = ".part";
  private static final Duration LONGEST_TO_MAKE = Duration.ofMinutes(1);

  /** This process's own: closing any channel to such a file would let go of its lock. */
  private static final Set<Path> OWN = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private RegionClaim(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Claims the region of that name; the file appears when it is locked. */
  static RegionClaim of(Path directory, String region) throws IOException {
    Path part = Files.createTempFile(directory, PREFIX, UNFINISHED);
    FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
    try {
      channel.lock();
      Path file = directory.resolve(PREFIX + region);
      synchronized (OWN) {
        OWN.add(file);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      return new RegionClaim(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(part);
      throw e;
    }
  }

  /** Removes regions that were claimed by processes that are gone; returns how many. */
  static int removeStale(Path directory) {
    int removed = 0;
    synchronized (OWN) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
        for (Path file : files) {
          removed += !OWN.contains(file) && removeIfStale(file) ? 1 : 0;
        }
      } catch (IOException e) {
        log.debug("event=shm_stale_kept reason=\"{}\"", e.toString());
      }
    }
    if (removed > 0) {
      log.info("event=shm_stale_removed regions={}", removed);
    }
    return removed;
  }

  private static boolean removeIfStale(Path file) {
    String name = file.getFileName().toString();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (name.endsWith(UNFINISHED)) {
        Instant made = Files.getLastModifiedTime(file).toInstant();
        return made.plus(LONGEST_TO_MAKE).isBefore(Instant.now()) && Files.deleteIfExists(file);
      }
      if (channel.tryLock() == null) {
        return false;
      }
      Files.deleteIfExists(file.resolveSibling(name.substring(PREFIX.length())));
      return Files.deleteIfExists(file);
    } catch (IOException | OverlappingFileLockException e) {
      // Somebody else's, or another was quicker.
      return false;
    }
  }

  /** The region is gone. */
  @Override
  public void close() {
    synchronized (OWN) {
      OWN.remove(file);
      try (channel) {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        log.debug("event=shm_claim_kept reason=\"{}\"", e.toString());
      }
    }
  }
}
