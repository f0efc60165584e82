package io.nfspawn.agent;

import io.nfspawn.protocol.DriverEndpoint;
import io.nfspawn.protocol.RunToken;
import io.nfspawn.protocol.wire.Resources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the command line says. The annotations are for {@link AgentUsage}; a provider's plain
 * command line is read by {@link #plain} without picocli, whose bytecode no class archive takes:
 * 0.13 s of CPU at every start.
 */
@Command(
    name = "spawn-agent",
    mixinStandardHelpOptions = true,
    version = "spawn-agent 0.1.0",
    sortOptions = false,
    description =
        "Runs tasks of one nf-spawn run on this instance, as long as the driver renews its lease.",
    footer = {
      "",
      "Exit status: 0 released by the driver, 1 refused, disconnected or out of lease, 2 usage.",
      "",
      "Example (a provider does this):",
      "  spawn-agent --driver=10.0.0.5:41234 --certificate=9f…e1 --instance=i-1 \\",
      "      --millicpus=4000 --memory=8589934592 --token-file=/run/spawn/token"
    })
final class AgentOptions {
  private static final String STDIN = "-";
  private static final String HOST = "127.0.0.1";
  private static final String ZONE = "local";
  private static final String GRACE_MS = "2000";
  private static final String JOIN_TIMEOUT_MS = "30000";
  private static final Set<String> REQUIRED =
      Set.of("--driver", "--certificate", "--token-file", "--instance", "--millicpus", "--memory");
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  @Option(
      names = "--driver",
      required = true,
      paramLabel = "HOST:PORT",
      description = "The driver's control plane.")
  private String driver = "";

  @Option(
      names = "--certificate",
      required = true,
      paramLabel = "SHA256",
      description = "Fingerprint of the driver's certificate, 64 hex digits.")
  private String certificate = "";

  @Option(
      names = "--token-file",
      required = true,
      paramLabel = "FILE",
      description =
          "Holds the run token; mode 600, removed after reading. - reads a line of stdin.")
  private String tokenFile = "";

  @Option(
      names = "--instance",
      required = true,
      paramLabel = "ID",
      description = "This instance's id.")
  private String instance = "";

  @Option(
      names = "--millicpus",
      required = true,
      paramLabel = "N",
      description = "Cpus to hand out, in thousandths.")
  private int millicpus;

  @Option(
      names = "--memory",
      required = true,
      paramLabel = "BYTES",
      description = "Memory to hand out.")
  private long memory;

  @Option(
      names = "--disk",
      defaultValue = "0",
      paramLabel = "BYTES",
      description = "Scratch disk to hand out.")
  private long disk;

  @Option(
      names = "--accelerators",
      defaultValue = "0",
      paramLabel = "N",
      description = "Whole devices to hand out.")
  private int accelerators;

  @Option(
      names = "--host",
      defaultValue = HOST,
      paramLabel = "ADDRESS",
      description = "Where other ranks reach this instance (${DEFAULT-VALUE}).")
  private String host = HOST;

  @Option(
      names = "--zone",
      defaultValue = ZONE,
      paramLabel = "ZONE",
      description = "Where this instance lies (${DEFAULT-VALUE}).")
  private String zone = ZONE;

  @Option(
      names = "--fabric",
      defaultValue = WireProbe.OFF,
      paramLabel = "POLICY",
      description =
          "Whether channels may use libfabric: off, preferred or required (${DEFAULT-VALUE}). Unless"
              + " it is off, what works here is tried first.")
  private String fabric = WireProbe.OFF;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "For private directories of gang members; removed at the end when nothing else lies in it"
              + " (a temporary one).")
  private @Nullable Path scratch;

  @Option(
      names = "--grace-ms",
      defaultValue = GRACE_MS,
      paramLabel = "MS",
      description = "Time to end by itself before a process is killed (${DEFAULT-VALUE}).")
  private long graceMs = Long.parseLong(GRACE_MS);

  @Option(
      names = "--join-timeout-ms",
      defaultValue = JOIN_TIMEOUT_MS,
      paramLabel = "MS",
      description = "Time to wait for the driver's welcome (${DEFAULT-VALUE}).")
  private long joinTimeoutMs = Long.parseLong(JOIN_TIMEOUT_MS);

  /**
   * Reads {@code --name=value} words.
   *
   * @return null when there is anything else in it or something is missing: for picocli to say
   */
  static @Nullable AgentOptions plain(String... words) {
    var options = new AgentOptions();
    var seen = new HashSet<String>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0
          || !seen.add(word.substring(0, equals))
          || !options.set(word.substring(0, equals), word.substring(equals + 1))) {
        return null;
      }
    }
    return seen.containsAll(REQUIRED) ? options : null;
  }

  private boolean set(String name, String value) {
    try {
      switch (name) {
        case "--driver" -> driver = value;
        case "--certificate" -> certificate = value;
        case "--token-file" -> tokenFile = value;
        case "--instance" -> instance = value;
        case "--millicpus" -> millicpus = Integer.parseInt(value);
        case "--memory" -> memory = Long.parseLong(value);
        case "--disk" -> disk = Long.parseLong(value);
        case "--accelerators" -> accelerators = Integer.parseInt(value);
        case "--host" -> host = value;
        case "--zone" -> zone = value;
        case "--fabric" -> fabric = value;
        case "--scratch" -> scratch = Path.of(value);
        case "--grace-ms" -> graceMs = Long.parseLong(value);
        case "--join-timeout-ms" -> joinTimeoutMs = Long.parseLong(value);
        default -> {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Nullable Path scratch() {
    return scratch;
  }

  AgentParameters parameters(DriverEndpoint endpoint, Path directory) throws IOException {
    Resources capacity =
        Resources.newBuilder()
            .setMillicpus(millicpus)
            .setMemoryBytes(memory)
            .setDiskBytes(disk)
            .setAccelerators(accelerators)
            .build();
    return new AgentParameters(
        endpoint,
        instance,
        capacity,
        host,
        zone,
        WireProbe.beside().wires(fabric, host, directory),
        directory,
        Duration.ofMillis(graceMs),
        Duration.ofMillis(joinTimeoutMs));
  }

  /**
   * Takes the token where it lies.
   *
   * @throws UsageException when an option is not what it must be
   */
  DriverEndpoint endpoint() throws IOException {
    int colon = driver.lastIndexOf(':');
    try {
      return new DriverEndpoint(
          driver.substring(0, Math.max(0, colon)),
          Integer.parseInt(driver.substring(colon + 1)),
          certificate,
          RunToken.of(token()));
    } catch (NumberFormatException e) {
      throw new UsageException("--driver must be HOST:PORT, got \"%s\"".formatted(driver));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private String token() throws IOException {
    if (tokenFile.equals(STDIN)) {
      var stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = stdin.readLine();
      return line == null ? "" : line.strip();
    }
    Path file = Path.of(tokenFile);
    if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
      throw new UsageException(
          "--token-file %s can be read by others; give it mode 600 and start a new run"
              .formatted(file));
    }
    String token = Files.readString(file).strip();
    Files.delete(file);
    return token;
  }
}
