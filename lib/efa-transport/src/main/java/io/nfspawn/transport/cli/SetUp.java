package io.nfspawn.transport.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What users set up wrongly, each with what to do about it.
 *
 * @param sharedMemory directory of provider shm
 * @param freeBytes what is free there
 * @param limits the kernel's list of this process's limits
 * @param devices the kernel's list of RDMA devices
 */
record SetUp(Path sharedMemory, LongSupplier freeBytes, Path limits, Path devices) {
  private static final Path SHM = Path.of("/dev/shm");

  static final SetUp OF_THIS_MACHINE =
      new SetUp(
          SHM,
          () -> SHM.toFile().getUsableSpace(),
          Path.of("/proc/self/limits"),
          Path.of("/sys/class/infiniband"));

  /** Libfabric 1.17 takes 16 MiB a rank. Where there is less, the kernel kills who writes to it. */
  static final long LEAST_SHM_BYTES = 128L << 20;

  /** Registered memory of a rank: a channel's pool, and what it has under way. */
  static final long LEAST_LOCKED_BYTES = 1L << 30;

  /** PCI vendor of EFA. */
  private static final String AMAZON = "0x1d0f";

  /** What would keep a wire from working that is there; empty if nothing is known. */
  String fault(String wire) {
    return switch (wire) {
      case "fabric:shm" -> sharedMemoryFault();
      case "fabric:efa" -> lockedMemoryFault();
      default -> "";
    };
  }

  private String sharedMemoryFault() {
    if (!Files.isDirectory(sharedMemory) || !Files.isWritable(sharedMemory)) {
      return "no directory %s that can be written; mount a tmpfs there".formatted(sharedMemory);
    }
    long free = freeBytes.getAsLong();
    return free >= LEAST_SHM_BYTES
        ? ""
        : "%s has %d MiB free, a gang takes 16 MiB a rank and %d MiB are asked for; remove what lies there or make it larger (docker run --shm-size=1g)"
            .formatted(sharedMemory, free >> 20, LEAST_SHM_BYTES >> 20);
  }

  /** The line is: name, soft limit, hard limit, unit; more than one blank between them. */
  private String lockedMemoryFault() {
    try (Stream<String> lines = Files.lines(limits)) {
      String soft =
          lines
              .filter(line -> line.startsWith("Max locked memory"))
              .map(line -> List.of(line.split("\\s{2,}", -1)).get(1))
              .findFirst()
              .orElse("unlimited");
      if (soft.equals("unlimited") || Long.parseLong(soft) >= LEAST_LOCKED_BYTES) {
        return "";
      }
      return "locked memory is limited to %d KiB and EFA registers what it sends; set it to unlimited (ulimit -l, memlock in /etc/security/limits.conf, docker run --ulimit memlock=-1, LimitMEMLOCK=infinity)"
          .formatted(Long.parseLong(soft) >> 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Why there is no EFA.
   *
   * @param library its version and file
   */
  String withoutEfa(String library) {
    if (!Files.isDirectory(devices)) {
      return "no EFA device; it takes an instance type with EFA, an interface of type efa and its driver";
    }
    try (Stream<Path> all = Files.list(devices)) {
      for (Path device : all.sorted().toList()) {
        Path vendor = device.resolve("device/vendor");
        if (Files.isReadable(vendor) && Files.readString(vendor).strip().equals(AMAZON)) {
          return "there is an EFA device (%s), but %s has no provider for it; run AWS's EFA installer or name its libfabric.so.1 in SPAWN_LIBFABRIC"
              .formatted(device.getFileName(), library);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "no EFA device among those of %s; it takes an interface of type efa".formatted(devices);
  }

  /** What may be behind a failure that looks like silence. */
  static String hint(String wire) {
    return wire.equals("fabric:efa")
        ? "; if it is silence: the security group must allow all traffic to and from itself, inbound and outbound"
        : "";
  }
}
