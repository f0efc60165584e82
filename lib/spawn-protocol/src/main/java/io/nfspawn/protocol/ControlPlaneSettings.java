package io.nfspawn.protocol;

import java.time.Duration;

/**
 * How the driver's end of the control plane runs.
 *
 * @param runId the run's tag, told to agents in their welcome
 * @param bindHost address to listen on, e.g. {@code 127.0.0.1} for the local provider
 * @param token what agents must present
 * @param lease how long an agent may run without hearing from the driver; also how long it may be
 *     silent before it is declared lost
 * @param heartbeat how often agents report; well below the lease
 * @param clock time for leases
 */
public record ControlPlaneSettings(
    String runId,
    String bindHost,
    RunToken token,
    Duration lease,
    Duration heartbeat,
    MonotonicClock clock) {

  /** A lease survives a few lost heartbeats. */
  private static final int HEARTBEATS_PER_LEASE = 6;

  public ControlPlaneSettings {
    if (heartbeat.isZero()
        || heartbeat.isNegative()
        || heartbeat.multipliedBy(2).compareTo(lease) > 0) {
      throw new IllegalArgumentException(
          "heartbeat=%s must be positive and at most half of lease=%s".formatted(heartbeat, lease));
    }
  }

  /** Settings of the {@code local} provider: loopback, a fresh token, system clock. */
  public static ControlPlaneSettings loopback(String runId, Duration lease) {
    return new ControlPlaneSettings(
        runId,
        "127.0.0.1",
        RunToken.random(),
        lease,
        lease.dividedBy(HEARTBEATS_PER_LEASE),
        MonotonicClock.SYSTEM);
  }
}
