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
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code spawn-agent}: one a instance, started by a provider. */
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
public final class AgentCommand implements Callable<Integer> {
  private static final String STDIN = "-";
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
  private String driver;

  @Option(
      names = "--certificate",
      required = true,
      paramLabel = "SHA256",
      description = "Fingerprint of the driver's certificate, 64 hex digits.")
  private String certificate;

  @Option(
      names = "--token-file",
      required = true,
      paramLabel = "FILE",
      description =
          "Holds the run token; mode 600, removed after reading. - reads a line of stdin.")
  private String tokenFile;

  @Option(
      names = "--instance",
      required = true,
      paramLabel = "ID",
      description = "This instance's id.")
  private String instance;

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
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Where other ranks reach this instance (${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--zone",
      defaultValue = "local",
      paramLabel = "ZONE",
      description = "Where this instance lies (${DEFAULT-VALUE}).")
  private String zone;

  @Option(
      names = "--fabric",
      defaultValue = WireProbe.OFF,
      paramLabel = "POLICY",
      description =
          "Whether channels may use libfabric: off, preferred or required (${DEFAULT-VALUE}). Unless"
              + " it is off, what works here is tried first.")
  private String fabric;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "For private directories of gang members; removed at the end when nothing else lies in it"
              + " (a temporary one).")
  private @Nullable Path scratch;

  @Option(
      names = "--grace-ms",
      defaultValue = "2000",
      paramLabel = "MS",
      description = "Time to end by itself before a process is killed (${DEFAULT-VALUE}).")
  private long graceMs;

  @Option(
      names = "--join-timeout-ms",
      defaultValue = "30000",
      paramLabel = "MS",
      description = "Time to wait for the driver's welcome (${DEFAULT-VALUE}).")
  private long joinTimeoutMs;

  @Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] args) {
    chooseLog();
    System.exit(execute(args));
  }

  /** Before the first logger is made; the class path holds other programs' settings too. */
  static void chooseLog() {
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "io/nfspawn/agent/logback-agent.xml");
    }
  }

  static int execute(String... args) {
    return new CommandLine(new AgentCommand())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println("spawn-agent: " + failure.getMessage());
              return command.getCommandSpec().exitCodeOnExecutionException();
            })
        .execute(args);
  }

  @Override
  public Integer call() throws IOException {
    DriverEndpoint endpoint = endpoint();
    Path own = scratch == null ? Files.createTempDirectory("spawn-agent-") : scratch;
    try {
      return NodeAgent.run(parameters(endpoint, own));
    } finally {
      // Here too when the provider that made it is gone: a driver that was killed removes nothing.
      MemberDirectory.removeAll(own);
    }
  }

  private AgentParameters parameters(DriverEndpoint endpoint, Path directory) throws IOException {
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

  private DriverEndpoint endpoint() throws IOException {
    int colon = driver.lastIndexOf(':');
    try {
      return new DriverEndpoint(
          driver.substring(0, Math.max(0, colon)),
          Integer.parseInt(driver.substring(colon + 1)),
          certificate,
          RunToken.of(token()));
    } catch (NumberFormatException e) {
      throw usage("--driver must be HOST:PORT, got \"%s\"".formatted(driver));
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private String token() throws IOException {
    if (tokenFile.equals(STDIN)) {
      var stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = stdin.readLine();
      return line == null ? "" : line.strip();
    }
    Path file = Path.of(tokenFile);
    if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
      throw usage(
          "--token-file %s can be read by others; give it mode 600 and start a new run"
              .formatted(file));
    }
    String token = Files.readString(file).strip();
    Files.delete(file);
    return token;
  }
}
