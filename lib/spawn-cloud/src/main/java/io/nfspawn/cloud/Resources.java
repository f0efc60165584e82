package io.nfspawn.cloud;

/**
 * What a task needs or an instance has to give. Immutable.
 *
 * @param millicpus thousandths of a core
 * @param memoryBytes bytes of memory
 * @param diskBytes bytes of scratch disk; 0 = not asked for
 * @param accelerators whole devices
 */
public record Resources(long millicpus, long memoryBytes, long diskBytes, int accelerators) {
  public static final Resources NONE = new Resources(0, 0, 0, 0);

  public Resources {
    if (millicpus < 0 || memoryBytes < 0 || diskBytes < 0 || accelerators < 0) {
      throw new IllegalArgumentException(
          "resources cannot be negative: millicpus=%d memoryBytes=%d diskBytes=%d accelerators=%d"
              .formatted(millicpus, memoryBytes, diskBytes, accelerators));
    }
  }

  public static Resources of(int cpus, long memoryBytes) {
    return new Resources(cpus * 1000L, memoryBytes, 0, 0);
  }

  public boolean fitsIn(Resources free) {
    return millicpus <= free.millicpus
        && memoryBytes <= free.memoryBytes
        && diskBytes <= free.diskBytes
        && accelerators <= free.accelerators;
  }

  public Resources plus(Resources other) {
    return new Resources(
        millicpus + other.millicpus,
        memoryBytes + other.memoryBytes,
        diskBytes + other.diskBytes,
        accelerators + other.accelerators);
  }

  /** Requires {@code other.fitsIn(this)}. */
  public Resources minus(Resources other) {
    return new Resources(
        millicpus - other.millicpus,
        memoryBytes - other.memoryBytes,
        diskBytes - other.diskBytes,
        accelerators - other.accelerators);
  }
}
