package io.nfspawn.transport;

import java.util.Set;

/**
 * How a broadcast goes. The sender and every receiver must give the same receivers.
 *
 * @param receivers ranks that receive, each after the one before it, beginning behind the sender's
 *     own rank
 * @param credit what each member holds in memory: as long as the slowest has not acknowledged an
 *     item, everybody keeps it, so a long chain wants many small items rather than few large ones
 */
public record BroadcastOptions(Set<Integer> receivers, Credit credit) {

  public BroadcastOptions {
    receivers = Set.copyOf(receivers);
    if (receivers.isEmpty()) {
      throw new IllegalArgumentException("a broadcast needs at least one receiver rank");
    }
  }

  /** Room for 64 items of together 64 MiB. */
  public static BroadcastOptions to(Set<Integer> receivers) {
    return new BroadcastOptions(receivers, new Credit(64, 64L << 20));
  }

  public BroadcastOptions withCredit(Credit value) {
    return new BroadcastOptions(receivers, value);
  }
}
