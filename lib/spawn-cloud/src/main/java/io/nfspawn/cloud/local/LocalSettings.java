package io.nfspawn.cloud.local;

import io.nfspawn.cloud.Resources;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How agents run as processes of this machine.
 *
 * @param instances most agents at one time
 * @param slice what each may hand out; cpus and memory are accounted, not enforced
 * @param agentClassPath class path of the agent, e.g. {@code <plugin>/tools/lib/*}
 * @param agentMainClass main class of the agent
 * @param javaHome the JDK that runs it
 * @param logDirectory where agents' logs go, {@code <instance>.log}; made when absent
 * @param grace how long a process may take to end by itself before it is killed
 * @param fabric whether channels may use libfabric: {@code off}, {@code preferred}, {@code
 *     required}
 */
public record LocalSettings(
    int instances,
    Resources slice,
    String agentClassPath,
    String agentMainClass,
    Path javaHome,
    Path logDirectory,
    Duration grace,
    String fabric) {
  private static final String AGENT = "io.nfspawn.agent.AgentCommand";

  /**
   * Members on one machine share its memory and its cpus, and whoever waits for shared memory spins
   * (docs/adr/0011).
   */
  public static final String FABRIC = "off";

  private static final Duration GRACE = Duration.ofSeconds(2);

  public LocalSettings {
    if (instances < 1) {
      throw new IllegalArgumentException("instances=%d must be at least 1".formatted(instances));
    }
    if (slice.millicpus() < 1 || slice.memoryBytes() < 1) {
      throw new IllegalArgumentException("slice=%s must have cpus and memory".formatted(slice));
    }
  }

  /**
   * One agent with all of this machine's cpus and memory, run by {@code SPAWN_JAVA_HOME} or else
   * the JDK that runs the driver.
   *
   * @param toolsLib directory with the agent's jars
   */
  public static LocalSettings wholeMachine(Path toolsLib, Path logDirectory) {
    return new LocalSettings(
        1,
        thisMachine(),
        toolsLib.resolve("*").toString(),
        AGENT,
        chosenJavaHome(),
        logDirectory,
        GRACE,
        FABRIC);
  }

  /** All cpus and all physical memory that this JVM may see (a container's limits count). */
  public static Resources thisMachine() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Resources.of(Runtime.getRuntime().availableProcessors(), system.getTotalMemorySize());
  }

  public LocalSettings withInstances(int count, Resources each) {
    return new LocalSettings(
        count, each, agentClassPath, agentMainClass, javaHome, logDirectory, grace, fabric);
  }

  public LocalSettings withFabric(String policy) {
    return new LocalSettings(
        instances, slice, agentClassPath, agentMainClass, javaHome, logDirectory, grace, policy);
  }

  private static Path chosenJavaHome() {
    String chosen = System.getenv("SPAWN_JAVA_HOME");
    return Path.of(chosen == null || chosen.isBlank() ? System.getProperty("java.home") : chosen);
  }
}
