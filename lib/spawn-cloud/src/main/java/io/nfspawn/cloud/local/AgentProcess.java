package io.nfspawn.cloud.local;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.LaunchException;
import io.nfspawn.cloud.LaunchRequest;
import io.nfspawn.cloud.process.Marker;
import io.nfspawn.cloud.process.ProcessTree;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One agent as a process, with its log and its scratch directory (mode 700, below {@code
 * java.io.tmpdir}, removed at the end). Thread-safe.
 */
final class AgentProcess {
  private static final int LOG_LINES = 5;
  private static final int LOG_TAIL_BYTES = 4096;

  private final String runId;
  private final InstanceId id;
  private final Process process;
  private final Path log;
  private final ScratchDirectory scratch;

  private AgentProcess(
      String runId, InstanceId id, Process process, Path log, ScratchDirectory scratch) {
    this.runId = runId;
    this.id = id;
    this.process = process;
    this.log = log;
    this.scratch = scratch;
  }

  static AgentProcess start(LocalSettings settings, LaunchRequest request, InstanceId id)
      throws LaunchException {
    Path log = settings.logDirectory().resolve(id + ".log");
    ScratchDirectory scratch = null;
    try {
      Files.createDirectories(settings.logDirectory());
      scratch = ScratchDirectory.create(request.runId(), id);
      List<String> command = AgentCommandLine.of(settings, request, id, scratch.path());
      var builder = new ProcessBuilder(command);
      builder.redirectErrorStream(true).redirectOutput(log.toFile());
      builder
          .environment()
          .put(Marker.INSTANCE, Marker.ofInstance(request.runId(), id.value()).value());
      Process process = builder.start();
      handOver(request.driver().runToken(), process);
      return new AgentProcess(request.runId(), id, process, log, scratch);
    } catch (IOException e) {
      if (scratch != null) {
        scratch.remove();
      }
      throw new LaunchException(
          "cannot start the agent of instance %s: %s; its log is %s"
              .formatted(id, e.getMessage(), log),
          false,
          e);
    }
  }

  /** The token goes through the agent's stdin: no file, no argument, no environment value. */
  private static void handOver(String token, Process process) throws IOException {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write((token + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  InstanceId id() {
    return id;
  }

  String runId() {
    return runId;
  }

  Process process() {
    return process;
  }

  /** Ends the agent and every process that carries its marker, then removes its scratch. */
  int end(Duration grace) {
    int ended = ProcessTree.of(Marker.ofInstance(runId, id.value()), process.toHandle()).end(grace);
    scratch.remove();
    return ended;
  }

  /** How it ended, with the end of its log. */
  String obituary() {
    return "agent of instance %s ended with exit status %d%s; its log is %s"
        .formatted(id, process.exitValue(), lastLines(), log);
  }

  private String lastLines() {
    try (var channel = Files.newByteChannel(log)) {
      channel.position(Math.max(0, channel.size() - LOG_TAIL_BYTES));
      var tail = java.nio.ByteBuffer.allocate(LOG_TAIL_BYTES);
      channel.read(tail);
      List<String> lines =
          new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
      return last.isEmpty() ? "" : ": " + String.join(" | ", last);
    } catch (IOException e) {
      return "";
    }
  }
}
