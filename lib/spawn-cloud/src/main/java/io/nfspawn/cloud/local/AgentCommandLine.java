package io.nfspawn.cloud.local;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.LaunchRequest;
import io.nfspawn.cloud.Resources;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** How an agent's process is called. Everything in it may be seen by others: no secrets. */
final class AgentCommandLine {
  /** The first JDK that warns of {@code sun.misc.Unsafe}, which protobuf and Netty use. */
  private static final int UNSAFE_WARNS_SINCE = 24;

  /** The first JDK whose foreign functions the agent calls; they are to be allowed. */
  private static final int FOREIGN_SINCE = 22;

  private static final List<Path> SETSID =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  private AgentCommandLine() {}

  static List<String> of(LocalSettings settings, LaunchRequest request, InstanceId id, Path scratch)
      throws IOException {
    var command = new ArrayList<String>();
    // A session of its own: a terminal's Ctrl-C reaches the driver alone.
    SETSID.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .ifPresent(path -> command.add(path.toString()));
    command.addAll(java(settings));
    command.addAll(List.of("-cp", settings.agentClassPath(), settings.agentMainClass()));
    command.addAll(parameters(settings, request, id, scratch));
    return command;
  }

  private static List<String> java(LocalSettings settings) throws IOException {
    Path java = settings.javaHome().resolve("bin/java");
    if (!Files.isExecutable(java)) {
      throw new IOException(
          "no JDK at %s (no bin/java); set SPAWN_JAVA_HOME to one".formatted(settings.javaHome()));
    }
    // Small and quick to start: an agent mostly waits.
    var command =
        new ArrayList<>(
            List.of(
                java.toString(),
                "-Xmx128m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData"));
    int version = majorVersion(settings.javaHome());
    command.addAll(archive(settings, version));
    if (version >= FOREIGN_SINCE) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    if (version >= UNSAFE_WARNS_SINCE) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    return command;
  }

  /**
   * The agent's classes as this JDK keeps them in memory, made when the plugin was built or
   * installed. The JVM holds it against its own build and every jar, and does without it, silently,
   * when they differ.
   */
  private static List<String> archive(LocalSettings settings, int version) {
    String main = settings.agentMainClass();
    Path archive =
        Path.of(settings.agentClassPath())
            .resolveSibling("../cds/%d/%s.jsa".formatted(version, simpleName(main)))
            .normalize();
    return Files.isReadable(archive)
        ? List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto", "-Xlog:disable")
        : List.of("-Xshare:auto");
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  /** From the JDK's own {@code release} file; 0 when it has none. */
  private static int majorVersion(Path javaHome) {
    var release = new Properties();
    try (Reader in = Files.newBufferedReader(javaHome.resolve("release"))) {
      release.load(in);
      String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
      return Integer.parseInt(version.split("[.+-]", 2)[0]);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  private static List<String> parameters(
      LocalSettings settings, LaunchRequest request, InstanceId id, Path scratch) {
    Resources slice = settings.slice();
    LaunchRequest.DriverAddress driver = request.driver();
    return List.of(
        "--driver=" + driver.host() + ":" + driver.port(),
        "--certificate=" + driver.certificateSha256(),
        "--instance=" + id,
        "--millicpus=" + slice.millicpus(),
        "--memory=" + slice.memoryBytes(),
        "--disk=" + slice.diskBytes(),
        "--accelerators=" + slice.accelerators(),
        "--host=127.0.0.1",
        "--zone=local",
        "--fabric=" + settings.fabric(),
        "--scratch=" + scratch,
        "--grace-ms=" + settings.grace().toMillis(),
        "--token-file=-");
  }
}
