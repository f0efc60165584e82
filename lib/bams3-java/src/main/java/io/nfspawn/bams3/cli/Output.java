package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.Bams3Exception;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's data go: standard output for {@code -}, else a file that gets its name when it
 * is whole. What is there already and is no ordinary file (a pipe, /dev/null) is written in place.
 */
final class Output extends OutputStream {
  private static final int BUFFER_BYTES = 1 << 16;

  private final OutputStream out;
  private final @Nullable Path file;
  private final @Nullable Path unpublished;
  private boolean published;

  private Output(OutputStream out, @Nullable Path file, @Nullable Path unpublished) {
    this.out = out;
    this.file = file;
    this.unpublished = unpublished;
  }

  static Output to(String target) throws IOException {
    if (target.equals("-")) {
      return new Output(new StandardOutput(), null, null);
    }
    Path file = Path.of(target);
    if (Files.isDirectory(file)) {
      throw new Bams3Exception(target + ": is a directory; give the name of a file");
    }
    boolean inPlace = Files.exists(file) && !Files.isRegularFile(file);
    Path temporary =
        file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    Path written = inPlace ? file : temporary;
    try {
      OutputStream stream = new BufferedOutputStream(Files.newOutputStream(written), BUFFER_BYTES);
      return new Output(stream, file, inPlace ? null : temporary);
    } catch (NoSuchFileException e) {
      throw new Bams3Exception(target + ": its directory does not exist; make it first", e);
    } catch (IOException e) {
      throw explained(file, e);
    }
  }

  @Override
  public void write(int value) throws IOException {
    try {
      out.write(value);
    } catch (IOException e) {
      throw explained(file, e);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
    try {
      out.write(bytes, offset, lengthBytes);
    } catch (IOException e) {
      throw explained(file, e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw explained(file, e);
    }
  }

  /** All is written: gives the file its name. */
  void publish() throws IOException {
    flush();
    try {
      out.close();
      if (unpublished != null && file != null) {
        Files.move(unpublished, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw explained(file, e);
    }
    published = true;
  }

  @Override
  public void close() throws IOException {
    if (!published && unpublished != null) {
      try {
        out.close();
      } catch (IOException e) {
        // the disk is full or worse: said already by whoever wrote; the file goes away below
      }
      Files.deleteIfExists(unpublished);
    }
  }

  private static IOException explained(@Nullable Path file, IOException e) {
    if (file == null || e instanceof Bams3Exception) {
      return e;
    }
    String reason =
        e instanceof FileSystemException failure && failure.getReason() != null
            ? failure.getReason()
            : String.valueOf(e.getMessage());
    return new Bams3Exception(
        "cannot write %s: %s; free space there or choose another file".formatted(file, reason), e);
  }
}
