package io.nfspawn.bams3.legacy;

import io.nfspawn.bams3.TargetExistsException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A dataset of an old version grows in {@code .NAME.unfinished} beside its name, as one of the
 * current does, and is renamed when it is whole; so each finds and removes what the other left when
 * it was killed.
 */
final class LegacyTarget {
  private static final String LOCK = "lock";
  private static final String MANIFEST = "manifest.json";

  private final Path target;
  private final Path staging;
  private final FileChannel lock;
  private boolean ended;

  private LegacyTarget(Path target, Path staging, FileChannel lock) {
    this.target = target;
    this.staging = staging;
    this.lock = lock;
  }

  static LegacyTarget begin(Path target, boolean replace) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    if (name == null) {
      throw new TargetExistsException(
          target.toString(), target + ": is not a name for a dataset; choose another target");
    }
    refuseIfTaken(target, replace);
    Path staging = absolute.resolveSibling("." + name + ".unfinished");
    Files.createDirectories(staging);
    FileChannel lock =
        FileChannel.open(
            staging.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isFree(lock)) {
      lock.close();
      throw new TargetExistsException(
          target.toString(),
          target + ": another conversion to it is under way; wait for it or choose another target");
    }
    try (Stream<Path> remains = Files.list(staging)) {
      for (Path remain : remains.filter(path -> !path.endsWith(LOCK)).toList()) {
        delete(remain);
      }
    }
    return new LegacyTarget(target, staging, lock);
  }

  private static void refuseIfTaken(Path target, boolean replace) throws TargetExistsException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean dataset =
        Files.exists(target.resolve(LegacyMetadata.KEY)) || Files.exists(target.resolve(MANIFEST));
    if (!dataset) {
      throw new TargetExistsException(
          target.toString(),
          target + ": something that is not a dataset is there; choose another target");
    }
    if (!replace) {
      throw new TargetExistsException(
          target.toString(), target + ": a dataset is there already; --force replaces it");
    }
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  String place() {
    return target.toString();
  }

  OutputStream create(String key) throws IOException {
    Path file = staging.resolve(key);
    Files.createDirectories(file.getParent());
    return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
  }

  void publish() throws IOException {
    Files.delete(staging.resolve(LOCK));
    Path name = target.toAbsolutePath();
    Path aside = staging.resolveSibling("." + name.getFileName() + ".replaced");
    if (Files.exists(name)) {
      Files.move(name, aside, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(staging, name, StandardCopyOption.ATOMIC_MOVE);
    ended = true;
    lock.close();
    delete(aside);
  }

  /** Removes what was written; idempotent. */
  void abandon() throws IOException {
    if (!ended) {
      ended = true;
      delete(staging);
      lock.close();
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(root)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
