package io.nfspawn.plugin.config;

import io.nfspawn.cloud.Resources;
import io.nfspawn.cloud.local.LocalSettings;
import java.time.Duration;
import java.util.Map;
import nextflow.util.MemoryUnit;
import org.jspecify.annotations.Nullable;

/**
 * The values of the {@code spawn} scope that apply to a run; absent options have their standard
 * value. Immutable.
 *
 * @param maxReclaims how often a task or gang may lose its instance before it fails
 */
public record SpawnSettings(
    String provider, int maxReclaims, Local local, Gang gang, Channel channel) {

  /**
   * @param instances how many instances share the machine
   * @param slice what each of them may hand out
   * @param lease how long an instance outlives its driver
   */
  public record Local(int instances, Resources slice, int ranksPerCpu, Duration lease) {}

  /**
   * @param arrivalTimeout how long an incomplete gang waits
   */
  public record Gang(Duration arrivalTimeout) {}

  /**
   * @param fabric {@code required}, {@code preferred} or {@code off}
   * @param encryption {@code required}, {@code authenticate} or {@code off}
   */
  public record Channel(String fabric, String encryption) {}

  /** What this machine has: the bound of {@code spawn.local}. */
  public record Machine(int cpus, long memoryBytes) {
    public static Machine present() {
      long memoryBytes =
          java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                  instanceof com.sun.management.OperatingSystemMXBean system
              ? system.getTotalMemorySize()
              : Runtime.getRuntime().maxMemory();
      return new Machine(Runtime.getRuntime().availableProcessors(), memoryBytes);
    }
  }

  /**
   * Reads the {@code spawn} scope of a session's configuration.
   *
   * @param spawn what Nextflow made of the scope; {@code null} when the user set nothing
   * @throws ConfigProblems naming every wrong key and value at once
   */
  public static SpawnSettings read(@Nullable Map<?, ?> spawn, Machine machine) {
    SpawnScope scope = OptionReader.read(spawn == null ? Map.of() : spawn);
    SpawnScope.Local local = scope.local == null ? new SpawnScope.Local() : scope.local;
    SpawnScope.Gang gang = scope.gang == null ? new SpawnScope.Gang() : scope.gang;
    SpawnScope.Channel channel = scope.channel == null ? new SpawnScope.Channel() : scope.channel;
    return new SpawnSettings(
        or(scope.provider, "local"),
        or(scope.maxReclaims, 3),
        new Local(
            or(local.instances, 1),
            slice(local, machine),
            or(local.ranksPerCpu, 8),
            duration(local.lease, Duration.ofSeconds(30))),
        new Gang(duration(gang.arrivalTimeout, Duration.ofMinutes(5))),
        new Channel(
            or(channel.fabric, LocalSettings.FABRIC), or(channel.encryption, "authenticate")));
  }

  private static Resources slice(SpawnScope.Local local, Machine machine) {
    int instances = or(local.instances, 1);
    long cpus = or(local.cpus, machine.cpus());
    long memory = or(local.memory, new MemoryUnit(machine.memoryBytes())).toBytes();
    return new Resources(cpus * 1000 / instances, memory / instances, 0, 0);
  }

  private static <T> T or(@Nullable T value, T standard) {
    return value == null ? standard : value;
  }

  private static Duration duration(nextflow.util.@Nullable Duration value, Duration standard) {
    return value == null ? standard : Duration.ofMillis(value.toMillis());
  }
}
