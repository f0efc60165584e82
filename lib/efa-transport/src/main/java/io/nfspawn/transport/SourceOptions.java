package io.nfspawn.transport;

import java.time.Duration;
import java.util.Set;

/**
 * How a {@link WorkSource} hands out.
 *
 * @param consumers ranks that may take items and that {@code finish} waits for
 * @param queue what may wait here to be handed out; more is back pressure
 * @param lease how long a consumer may keep an item without acknowledging or renewing it
 */
public record SourceOptions(Set<Integer> consumers, Credit queue, Duration lease) {

  public SourceOptions {
    consumers = Set.copyOf(consumers);
    if (consumers.isEmpty()) {
      throw new IllegalArgumentException("a work source needs at least one consumer rank");
    }
    if (lease.isNegative() || lease.isZero()) {
      throw new IllegalArgumentException("lease must be longer than nothing, got " + lease);
    }
  }

  /** Room for 64 items of together 256 MiB, a lease of 30 minutes. */
  public static SourceOptions to(Set<Integer> consumers) {
    return new SourceOptions(consumers, new Credit(64, 256L << 20), Duration.ofMinutes(30));
  }

  public SourceOptions withQueue(Credit value) {
    return new SourceOptions(consumers, value, lease);
  }

  public SourceOptions withLease(Duration value) {
    return new SourceOptions(consumers, queue, value);
  }
}
