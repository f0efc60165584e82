package io.nfspawn.bams3.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Objects as files below a directory of any file system. Unpublished ones end in {@code .tmp}. */
public final class DirectoryStore implements Store {
  private static final String UNPUBLISHED = ".tmp";

  private final Path root;
  private final String place;

  /** The directory need not exist: it appears with the first object. */
  public DirectoryStore(Path root) {
    this(root, root.toString());
  }

  /**
   * @param place what messages call the directory
   */
  public DirectoryStore(Path root, String place) {
    this.root = root;
    this.place = place;
  }

  @Override
  public String place() {
    return place;
  }

  @Override
  public long size(String key) throws IOException {
    Path file = file(key);
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return Files.size(file);
  }

  @Override
  public Duration age(String key) throws IOException {
    return Duration.between(Files.getLastModifiedTime(file(key)).toInstant(), Instant.now());
  }

  @Override
  public byte[] read(String key, long offset, int lengthBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file(key), StandardOpenOption.READ)) {
      return read(channel, offset, lengthBytes);
    }
  }

  @Override
  public List<byte[]> readAll(String key, List<ByteRange> ranges) throws IOException {
    List<byte[]> contents = new ArrayList<>(ranges.size());
    try (FileChannel channel = FileChannel.open(file(key), StandardOpenOption.READ)) {
      for (ByteRange range : ranges) {
        contents.add(read(channel, range.offset(), range.lengthBytes()));
      }
    }
    return contents;
  }

  private static byte[] read(FileChannel channel, long offset, int lengthBytes) throws IOException {
    int available = (int) Math.max(0, Math.min(lengthBytes, channel.size() - offset));
    ByteBuffer content = ByteBuffer.allocate(available);
    while (content.hasRemaining() && channel.read(content, offset + content.position()) >= 0) {
      // a read may give less than asked for
    }
    return content.hasRemaining()
        ? Arrays.copyOf(content.array(), content.position())
        : content.array();
  }

  @Override
  public InputStream open(String key) throws IOException {
    return Files.newInputStream(file(key));
  }

  @Override
  public Upload create(String key) throws IOException {
    return new FileUpload(file(key));
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws IOException {
    Path file = file(key);
    try (FileUpload upload = new FileUpload(file)) {
      upload.write(content);
      return upload.publishIfAbsent();
    }
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    return files(prefix).stream().filter(key -> !key.endsWith(UNPUBLISHED)).toList();
  }

  @Override
  public void discardUnpublished() throws IOException {
    for (String key : files("")) {
      if (key.endsWith(UNPUBLISHED)) {
        delete(key);
      }
    }
  }

  private List<String> files(String prefix) throws IOException {
    List<String> keys = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return keys;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String key = root.relativize(file).toString().replace('\\', '/');
            if (key.startsWith(prefix)) {
              keys.add(key);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(keys);
    return keys;
  }

  @Override
  public void delete(String key) throws IOException {
    Files.deleteIfExists(file(key));
  }

  @Override
  public void close() {}

  private Path file(String key) {
    Path file = root.resolve(key).normalize();
    if (key.isEmpty() || !file.startsWith(root.normalize()) || file.equals(root.normalize())) {
      throw new IllegalArgumentException("key '" + key + "' does not lie inside " + root);
    }
    return file;
  }

  private static final class FileUpload extends Upload {
    private final Path target;
    private final Path unpublished;
    private final OutputStream out;
    private boolean ended;

    FileUpload(Path target) throws IOException {
      this.target = target;
      this.unpublished =
          target.resolveSibling(
              target.getFileName() + "." + Long.toHexString(System.nanoTime()) + UNPUBLISHED);
      Path parent = target.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      this.out = Files.newOutputStream(unpublished, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
    }

    @Override
    public void write(byte[] content, int offset, int lengthBytes) throws IOException {
      out.write(content, offset, lengthBytes);
    }

    @Override
    public void publish() throws IOException {
      out.close();
      Files.move(
          unpublished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      ended = true;
    }

    /**
     * A hard link is made only if there is no such name yet; where there are none, a plain move.
     */
    boolean publishIfAbsent() throws IOException {
      out.close();
      try {
        Files.createLink(target, unpublished);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (UnsupportedOperationException e) {
        return moveIfAbsent();
      }
    }

    private boolean moveIfAbsent() throws IOException {
      try {
        Files.move(unpublished, target);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      }
    }

    @Override
    public void close() throws IOException {
      if (!ended) {
        ended = true;
        try {
          out.close();
        } finally {
          Files.deleteIfExists(unpublished);
        }
      }
    }
  }
}
