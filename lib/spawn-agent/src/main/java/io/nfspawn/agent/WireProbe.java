package io.nfspawn.agent;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which channel wires this instance announces. Asks the program {@code spawn-channel}, which tries
 * each one in a process of its own: a fault of a native library ends that process, not the agent.
 *
 * @param classPath where the program is
 * @param program its main class
 * @param limit how long it may take
 */
record WireProbe(String classPath, String program, Duration limit) {
  static final String OFF = "off";
  private static final Logger log = LoggerFactory.getLogger(WireProbe.class);
  private static final String PROGRAM = "io.nfspawn.transport.cli.SpawnChannelCommand";
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration TRIAL = Duration.ofSeconds(8);
  private static final String EVERYBODY_HAS = "zmq";
  private static final int CALLS_NATIVE_CODE_SINCE = 22;

  /** The program that lies beside the agent. */
  static WireProbe beside() {
    return new WireProbe(System.getProperty("java.class.path"), PROGRAM, LIMIT);
  }

  /**
   * @param policy {@code required}, {@code preferred} or {@code off}
   * @param host where other ranks reach this instance
   * @param directory for its few lines, on a local disk
   * @return best first; where a fabric is required and none works, one entry that says why
   */
  List<String> wires(String policy, String host, Path directory) throws IOException {
    if (policy.equals(OFF)) {
      return List.of(EVERYBODY_HAS);
    }
    Files.createDirectories(directory);
    Path said = Files.createTempFile(directory, "wires", ".txt");
    Path complaints = Files.createTempFile(directory, "wires", ".err");
    try {
      Process process =
          new ProcessBuilder(command(policy, host))
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(said.toFile())
              .redirectError(complaints.toFile())
              .start();
      String fault = ended(process);
      List<String> wires = lines(said);
      if (fault.isEmpty() && !wires.isEmpty()) {
        log.info(
            "event=agent.wires policy={} wires={} others=\"{}\"",
            policy,
            String.join(",", wires),
            String.join("; ", lines(complaints)));
        return wires;
      }
      return fallback(policy, fault + "; " + String.join(" ", lines(complaints)));
    } finally {
      Files.deleteIfExists(said);
      Files.deleteIfExists(complaints);
    }
  }

  private static List<String> fallback(String policy, String fault) {
    log.warn("event=agent.wires_unknown policy={} reason=\"{}\"", policy, fault);
    return List.of(policy.equals("required") ? "no fabric (" + fault + ")" : EVERYBODY_HAS);
  }

  private List<String> command(String policy, String host) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    if (Runtime.version().feature() >= CALLS_NATIVE_CODE_SINCE) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", classPath, program, "selftest"));
    // Longer than by default: an agent starts while everything else on its instance does, too.
    command.addAll(List.of("--announce=" + policy, "--host=" + host, "--limit=" + TRIAL));
    return command;
  }

  /** What went wrong; empty when nothing did. */
  private String ended(Process process) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return "spawn-channel selftest took longer than " + limit.toSeconds() + " s";
      }
      int status = process.exitValue();
      return status == 0 ? "" : "spawn-channel selftest exited " + status;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the agent was interrupted";
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8)
        .lines()
        .filter(s -> !s.isBlank())
        .toList();
  }
}
