package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.time.Duration;

/**
 * The bounds within which the scheduler works. All durations are positive.
 *
 * @param provider the provider's name, for messages
 * @param queueSize most tasks in flight, 0 = unlimited
 * @param maxInstances most instances at one time
 * @param largest the largest slice the provider could ever give
 * @param slice the slice a launch asks for when no task needs more; fits in {@code largest}
 * @param sizeAdvice how a user gets larger instances, e.g. {@code raise spawn.local.memory}; ends
 *     the message about a task that is too large
 * @param rankAdvice the same for a gang whose ranks do not fit together
 * @param idleTimeout after this an instance without tasks is released
 * @param keepInstances keep idle instances until the end of the run (local)
 * @param bootTimeout how long a launched instance may take until its agent joins
 * @param maxBootFailures after so many instances in a row whose agent never joined, launching ends
 * @param launchRetry the first wait after a failed launch; doubles up to {@code maxLaunchRetry}
 * @param maxLaunchRetry the longest wait between launches
 * @param reserveAfter how long younger tasks may overtake the oldest one that waits for room;
 *     afterwards room is kept for it
 * @param gangArrivalTimeout how long an incomplete gang waits once nothing else is waiting or
 *     running that could still bring a member
 * @param maxReclaims how often a task or gang may lose its instance before it fails
 * @param killRepeat after this a kill that brought no exit is sent again
 */
public record SchedulerConfig(
    String provider,
    int queueSize,
    int maxInstances,
    Resources largest,
    Resources slice,
    String sizeAdvice,
    String rankAdvice,
    Duration idleTimeout,
    boolean keepInstances,
    Duration bootTimeout,
    int maxBootFailures,
    Duration launchRetry,
    Duration maxLaunchRetry,
    Duration reserveAfter,
    Duration gangArrivalTimeout,
    int maxReclaims,
    Duration killRepeat) {

  public SchedulerConfig {
    if (queueSize < 0 || maxInstances < 1 || maxReclaims < 0 || maxBootFailures < 1) {
      throw new IllegalArgumentException(
          "queueSize=%d maxInstances=%d maxReclaims=%d maxBootFailures=%d: out of range"
              .formatted(queueSize, maxInstances, maxReclaims, maxBootFailures));
    }
    if (!slice.fitsIn(largest)) {
      throw new IllegalArgumentException(
          "the slice %s is larger than the largest slice %s".formatted(slice, largest));
    }
  }

  /** Sound values for instances on this machine: all slices alike, kept until the end. */
  public static SchedulerConfig local(int instances, Resources slice, int queueSize) {
    return new SchedulerConfig(
        "local",
        queueSize,
        instances,
        slice,
        slice,
        "raise spawn.local.cpus or spawn.local.memory",
        "raise spawn.local.ranksPerCpu, spawn.local.cpus or spawn.local.memory",
        Duration.ofMinutes(1),
        true,
        Duration.ofMinutes(2),
        3,
        Duration.ofSeconds(5),
        Duration.ofMinutes(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        3,
        Duration.ofSeconds(30));
  }

  public SchedulerConfig withGangArrivalTimeout(Duration timeout) {
    return new SchedulerConfig(
        provider,
        queueSize,
        maxInstances,
        largest,
        slice,
        sizeAdvice,
        rankAdvice,
        idleTimeout,
        keepInstances,
        bootTimeout,
        maxBootFailures,
        launchRetry,
        maxLaunchRetry,
        reserveAfter,
        timeout,
        maxReclaims,
        killRepeat);
  }

  public SchedulerConfig withMaxReclaims(int reclaims) {
    return new SchedulerConfig(
        provider,
        queueSize,
        maxInstances,
        largest,
        slice,
        sizeAdvice,
        rankAdvice,
        idleTimeout,
        keepInstances,
        bootTimeout,
        maxBootFailures,
        launchRetry,
        maxLaunchRetry,
        reserveAfter,
        gangArrivalTimeout,
        reclaims,
        killRepeat);
  }
}
