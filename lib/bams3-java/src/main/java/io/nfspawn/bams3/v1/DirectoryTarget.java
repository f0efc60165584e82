package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.TargetExistsException;
import io.nfspawn.bams3.store.DirectoryStore;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
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
import org.jspecify.annotations.Nullable;

/**
 * A dataset grows in a hidden sibling, {@code .NAME.unfinished}, and is renamed when it is whole. A
 * lock on a file in there tells a conversion that is under way from one that was killed, whose
 * remains the next one removes. A dataset to be replaced steps aside as {@code .NAME.replaced} for
 * the moment of the renaming; if that was cut short the next one puts it back.
 */
final class DirectoryTarget implements Target {
  private static final String LOCK = "lock";

  private final Path target;
  private final Path staging;
  private final Path replaced;
  private final boolean replace;
  private @Nullable FileChannel lock;
  private boolean ended;

  private DirectoryTarget(Path target, boolean replace) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    if (name == null) {
      throw new TargetExistsException(
          target.toString(), target + ": is not a name for a dataset; choose another target");
    }
    this.target = target;
    this.staging = absolute.resolveSibling("." + name + ".unfinished");
    this.replaced = absolute.resolveSibling("." + name + ".replaced");
    this.replace = replace;
  }

  static DirectoryTarget begin(Path target, boolean replace) throws IOException {
    DirectoryTarget begun = new DirectoryTarget(target, replace);
    begun.refuseIfTaken();
    try {
      Files.createDirectories(begun.staging);
      begun.acquire();
      begun.clean();
    } catch (Bams3Exception e) {
      throw e;
    } catch (IOException e) {
      begun.abandon();
      throw PagePipeline.cannotWrite(new DirectoryStore(target), e);
    }
    return begun;
  }

  private void refuseIfTaken() throws IOException {
    if (Files.exists(replaced, LinkOption.NOFOLLOW_LINKS) && !Files.exists(target)) {
      Files.move(replaced, target.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
    }
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS) || isEmptyDirectory(target)) {
      return;
    }
    boolean dataset = Files.exists(target.resolve(Manifest.KEY));
    if (!dataset && !DatasetReader.isUnfinished(target)) {
      throw new TargetExistsException(
          target.toString(),
          target + ": something that is not a dataset is there; choose another target");
    }
    if (!replace) {
      throw new TargetExistsException(
          target.toString(),
          target
              + (dataset ? ": a dataset is there already" : ": an unfinished conversion is there")
              + "; --force replaces it");
    }
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  private void acquire() throws IOException {
    Path file = staging.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    lock = channel;
    boolean free;
    try {
      free = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      free = false;
    } catch (UnsupportedOperationException e) {
      free = true; // a file system without locks: two writers at once are not told apart
    }
    if (!free) {
      channel.close();
      ended = true;
      throw new TargetExistsException(
          target.toString(),
          target + ": another conversion to it is under way; wait for it or choose another target");
    }
  }

  /** What a killed conversion left. */
  private void clean() throws IOException {
    try (Stream<Path> entries = Files.list(staging)) {
      for (Path entry : entries.toList()) {
        if (!entry.endsWith(LOCK)) {
          delete(entry);
        }
      }
    }
    delete(replaced);
  }

  @Override
  public Store store() {
    return new DirectoryStore(staging, target.toString());
  }

  @Override
  public String place() {
    return target.toString();
  }

  @Override
  public void publish() throws IOException {
    refuseIfTaken();
    Files.delete(staging.resolve(LOCK));
    Path name = target.toAbsolutePath();
    if (Files.exists(name) && !isEmptyDirectory(name)) {
      Files.move(name, replaced, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(staging, name, StandardCopyOption.ATOMIC_MOVE);
    ended = true;
    release();
    delete(replaced);
  }

  @Override
  public void abandon() throws IOException {
    if (!ended) {
      ended = true;
      delete(staging);
      release();
    }
  }

  private void release() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> tree = Files.walk(root)) {
      paths = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
