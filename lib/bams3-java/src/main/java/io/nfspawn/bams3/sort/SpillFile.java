package io.nfspawn.bams3.sort;

import io.nfspawn.bams3.Bams3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorted records on disk, in compressed frames one after the other. The file loses its name as soon
 * as it is open: however the program ends, the system frees it. Written by one thread, then read by
 * any.
 */
final class SpillFile implements AutoCloseable {

  /** One frame: records, whole, that many bytes of them. */
  record Frame(long offset, int storedBytes, int rawBytes) {}

  private final Path directory;
  private final FileChannel channel;
  private final List<Frame> frames = new ArrayList<>();
  private long size;

  private SpillFile(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /** Makes a file in a directory that exists. */
  static SpillFile create(Path directory) throws IOException {
    try {
      Path file = Files.createTempFile(directory, ".bams3-sort-", ".tmp");
      try {
        return new SpillFile(
            directory, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw cannotWrite(directory, e);
    }
  }

  private static Bams3Exception cannotWrite(Path directory, IOException e) {
    String reason =
        e instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : String.valueOf(e.getMessage());
    return new Bams3Exception(
        "cannot keep records to be sorted in %s: %s; free space there or choose another directory with --tmp"
            .formatted(directory, reason),
        e);
  }

  /** Adds a frame at the end. */
  void append(byte[] stored, int storedBytes, int rawBytes) throws IOException {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(stored, 0, storedBytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw cannotWrite(directory, e);
    }
    frames.add(new Frame(size, storedBytes, rawBytes));
    size += storedBytes;
  }

  List<Frame> frames() {
    return frames;
  }

  byte[] read(Frame frame) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(frame.storedBytes());
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, frame.offset() + buffer.position()) < 0) {
        throw new IOException("a file of records to be sorted in " + directory + " was cut");
      }
    }
    return buffer.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
