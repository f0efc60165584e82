package io.nfspawn.bams3.convert;

import io.nfspawn.bams3.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SAM or CRAM as the BAM that {@code samtools view -u --no-PG} makes of it. Closing ends the
 * process.
 */
final class SamtoolsStream implements AlignmentInput.BamStream {
  private static final int KEPT_COMPLAINT_BYTES = 4096;
  private static final int END_SECONDS = 10;

  private final String name;
  private final Process process;

  /** Written by its reader alone, read by others after that thread has ended. */
  private final StringBuilder complaint = new StringBuilder();

  private final Thread complaintReader;

  private SamtoolsStream(String name, Process process) {
    this.name = name;
    this.process = process;
    this.complaintReader = start("bams3-samtools-stderr", this::readComplaint);
  }

  /**
   * @param file given to samtools by name, so that it can read ahead; null for a pipe
   * @param content the same from its first byte on; closed here when not needed
   */
  static SamtoolsStream start(
      String name, @Nullable Path file, InputStream content, @Nullable Path reference)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("samtools", "view", "-u", "--no-PG"));
    command.addAll(List.of("--input-fmt-option", "decode_md=0"));
    if (reference != null) {
      if (!Files.isReadable(reference)) {
        throw new InputException(
            name, "its reference %s is not there; check --reference".formatted(reference));
      }
      command.addAll(List.of("-T", reference.toString()));
    }
    command.add(file != null ? file.toAbsolutePath().toString() : "-");
    Process process;
    try {
      process = new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new InputException(
          name,
          "is SAM or CRAM, which needs the program samtools; install the package samtools",
          e);
    }
    SamtoolsStream stream = new SamtoolsStream(name, process);
    if (file != null) {
      content.close();
      process.getOutputStream().close();
    } else {
      start("bams3-samtools-stdin", () -> feed(content, process.getOutputStream()));
    }
    return stream;
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** A pipe that closes early means that samtools has ended, which its exit code explains. */
  private static void feed(InputStream content, OutputStream samtools) {
    try (content;
        samtools) {
      content.transferTo(samtools);
    } catch (IOException e) {
      // see above
    }
  }

  private void readComplaint() {
    try (InputStream errors = process.getErrorStream()) {
      byte[] buffer = new byte[KEPT_COMPLAINT_BYTES];
      for (int n = errors.read(buffer); n >= 0; n = errors.read(buffer)) {
        complaint.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        complaint.delete(0, Math.max(0, complaint.length() - KEPT_COMPLAINT_BYTES));
      }
    } catch (IOException e) {
      // the process was ended; nobody asks for its complaint
    }
  }

  @Override
  public InputStream bytes() {
    return process.getInputStream();
  }

  @Override
  public void checkSource() throws IOException {
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        return; // still writing: it is not what went wrong
      }
      int exit = process.exitValue();
      complaintReader.join();
      if (exit != 0) {
        throw new InputException(
            name, "samtools could not read it: %s; check the file".formatted(firstComplaint(exit)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for samtools");
    }
  }

  /** The first complaint says what is wrong; later ones only that it went wrong. */
  private String firstComplaint(int exit) {
    return complaint
        .toString()
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("exit code " + exit);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process.getInputStream().close();
  }
}
