package io.nfspawn.vcfmerge;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that appear together: written under hidden names beside the final ones, then renamed in the
 * order in which they were begun, the reverse of how a reader looks for them. What stood under the
 * final names is removed first, so a reader never sees new and old side by side. A process that is
 * killed leaves hidden files only, which the next to write the same file removes. One thread.
 */
final class Publication implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
  private static final int TAG_LENGTH = 8;

  /** Hidden files of this process. To open and close one here again would drop its lock. */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Map<Path, Hidden> hiddenByFinal = new LinkedHashMap<>();

  /** The stream is kept open, and the file locked, until {@link #publish} or {@link #close}. */
  OutputStream begin(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new OutputException(file.toString(), new IOException("it is a directory"));
    }
    removeLeftovers(file);
    try {
      Hidden hidden = Hidden.beside(file);
      hiddenByFinal.put(file, hidden);
      return new BufferedOutputStream(new Kept(hidden.out()), 1 << 16);
    } catch (IOException e) {
      throw new OutputException(file.toString(), e);
    }
  }

  void write(Path file, byte[] bytes) throws IOException {
    try (OutputStream out = begin(file)) {
      out.write(bytes);
    }
  }

  /**
   * @param order all files that were begun; the first one appears first
   */
  void publish(Path... order) throws IOException {
    for (int i = order.length - 1; i >= 0; i--) {
      Files.deleteIfExists(order[i]);
    }
    for (Path file : order) {
      Hidden hidden = hiddenByFinal.get(file);
      if (hidden != null) {
        Files.move(hidden.path(), file, StandardCopyOption.ATOMIC_MOVE);
        hiddenByFinal.remove(file);
        hidden.close();
      }
    }
  }

  @Override
  public void close() {
    for (Hidden hidden : hiddenByFinal.values()) {
      try (hidden) {
        Files.deleteIfExists(hidden.path());
      } catch (IOException e) {
        LOG.warn("temporary_left file={} reason={}", hidden.path(), e.toString());
      }
    }
    hiddenByFinal.clear();
  }

  /** Takes away what writers of the same file left who live no more: nobody locks it. */
  private static void removeLeftovers(Path file) {
    String prefix = "." + file.getFileName() + ".";
    try (DirectoryStream<Path> siblings =
        Files.newDirectoryStream(
            file.toAbsolutePath().getParent(), path -> isHidden(path, prefix))) {
      siblings.forEach(Publication::removeIfItsWriterIsDead);
    } catch (IOException e) {
      LOG.debug("leftovers_not_looked_for file={} reason={}", file, e.toString());
    }
  }

  private static boolean isHidden(Path path, String prefix) {
    String name = path.getFileName().toString();
    return name.length() == prefix.length() + TAG_LENGTH + Hidden.SUFFIX.length()
        && name.startsWith(prefix)
        && name.endsWith(Hidden.SUFFIX);
  }

  private static void removeIfItsWriterIsDead(Path path) {
    if (OURS.contains(path)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        Files.deleteIfExists(path);
        LOG.debug("leftover_removed file={}", path);
      }
    } catch (IOException | OverlappingFileLockException e) {
      LOG.debug("leftover_not_removed file={} reason={}", path, e.toString());
    }
  }

  /**
   * A file under its hidden name.
   *
   * @param lock held as long as its writer lives; the system drops it when the process dies
   * @param out another channel than the lock's, which an interrupt of the thread would close
   */
  private record Hidden(Path path, FileChannel lock, OutputStream out) implements Closeable {
    static final String SUFFIX = ".tmp";

    static Hidden beside(Path file) throws IOException {
      while (true) {
        String tag = UUID.randomUUID().toString().substring(0, TAG_LENGTH);
        Path path =
            file.toAbsolutePath().resolveSibling("." + file.getFileName() + "." + tag + SUFFIX);
        OURS.add(path);
        FileChannel lock =
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock(lock, path);
        // Between open and lock another process may have taken it for a leftover.
        if (Files.exists(path)) {
          return new Hidden(path, lock, Files.newOutputStream(path, StandardOpenOption.WRITE));
        }
        lock.close();
        OURS.remove(path);
      }
    }

    private static void lock(FileChannel channel, Path path) {
      try {
        var unused = channel.lock();
      } catch (IOException e) {
        LOG.debug("no_locks_here file={} reason={}", path, e.toString());
      }
    }

    @Override
    public void close() throws IOException {
      try (lock) {
        out.close();
      } finally {
        OURS.remove(path);
      }
    }
  }

  /** Closing it closes nothing: that would drop the lock before the file has its name. */
  private static final class Kept extends FilterOutputStream {
    Kept(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
