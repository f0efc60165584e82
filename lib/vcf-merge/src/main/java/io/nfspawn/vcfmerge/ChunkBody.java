package io.nfspawn.vcfmerge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Record lines of one chunk, in memory as far as the budget allows and beyond that in a scratch
 * file. Filled, then read once, then closed; handed from thread to thread by its owner's lock.
 */
final class ChunkBody implements AutoCloseable {
  /** Takes whole lines in {@code buffer[from, to)}. */
  @FunctionalInterface
  interface LineSink {
    void lines(byte[] buffer, int from, int to) throws IOException;
  }

  private final Scratch scratch;
  private final List<byte[]> segments = new ArrayList<>();
  private long memoryBytes;
  private @Nullable Path file;
  private @Nullable OutputStream out;

  ChunkBody(Scratch scratch) {
    this.scratch = scratch;
  }

  void append(byte[] buffer, int from, int to) throws IOException {
    if (out == null && scratch.reserve(to - from)) {
      memoryBytes += to - from;
      segments.add(Arrays.copyOfRange(buffer, from, to));
      return;
    }
    spill(buffer, from, to);
  }

  private void spill(byte[] buffer, int from, int to) throws IOException {
    try {
      if (out == null) {
        file = scratch.newFile();
        out = Files.newOutputStream(file);
      }
      out.write(buffer, from, to - from);
    } catch (IOException e) {
      throw new OutputException("scratch " + file, e);
    }
  }

  /** No more lines follow. */
  void seal() throws IOException {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw new OutputException("scratch " + file, e);
    }
  }

  void forEach(LineSink sink) throws IOException {
    for (byte[] segment : segments) {
      sink.lines(segment, 0, segment.length);
    }
    if (file != null) {
      try (InputStream in = Files.newInputStream(file)) {
        LineWindows lines = new LineWindows(in);
        while (lines.next()) {
          sink.lines(lines.buffer(), 0, lines.end());
        }
      }
    }
  }

  /** Frees memory and file; may be called twice. */
  @Override
  public void close() throws IOException {
    scratch.release(memoryBytes);
    memoryBytes = 0;
    segments.clear();
    if (out != null) {
      out.close();
      out = null;
    }
    if (file != null) {
      Files.deleteIfExists(file);
      file = null;
    }
  }
}
