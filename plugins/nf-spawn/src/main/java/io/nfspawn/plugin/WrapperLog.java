package io.nfspawn.plugin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nextflow.processor.TaskRun;

/** What a task's wrapper printed, kept in {@code .command.log}. */
final class WrapperLog {
  private static final int LINES = 50;
  private static final int TAIL_BYTES = 64 * 1024;

  private WrapperLog() {}

  /** Its last lines, as Nextflow's local executor shows them for a failed task; empty when none. */
  static Optional<String> tail(Path workDir) {
    try (SeekableByteChannel file = Files.newByteChannel(workDir.resolve(TaskRun.CMD_LOG))) {
      long start = Math.max(0, file.size() - TAIL_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate((int) (file.size() - start));
      file.position(start);
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        // read on
      }
      List<String> lines =
          new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).lines().toList();
      return lines.isEmpty()
          ? Optional.empty()
          : Optional.of(
              String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
