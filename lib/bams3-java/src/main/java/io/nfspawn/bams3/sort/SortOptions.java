package io.nfspawn.bams3.sort;

import java.nio.file.Path;

/**
 * How to sort.
 *
 * @param memoryBytes for records and what orders them; some more is needed around it
 * @param directory where records wait that do not fit
 */
public record SortOptions(long memoryBytes, Path directory) {
  public static final long LEAST_MEMORY_BYTES = 1 << 20;

  /** Room for two million reads of 150 bases. */
  public static final long USUAL_MEMORY_BYTES = 512L << 20;

  public SortOptions {
    if (memoryBytes < LEAST_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "memory is %d bytes; it must be at least %d (1M)"
              .formatted(memoryBytes, LEAST_MEMORY_BYTES));
    }
  }
}
