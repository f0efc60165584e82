package io.nfspawn.it.simulator;

import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.SchedulerConfig;
import java.time.Duration;
import java.util.Random;

/**
 * One world: what the scheduler is configured with and how often things go wrong (probabilities).
 *
 * @param tasks number of tasks, members of gangs included
 * @param agentDies an agent is lost some time after it joined
 * @param agentInterrupted … with a notice
 * @param agentNeverJoins an instance boots in vain
 * @param launchFails a launch brings nothing, for now
 * @param launchRefused … for good
 * @param taskFails a task exits with another status than 0
 * @param submitFails a task cannot be handed to its agent
 * @param eventTwice an agent's event is delivered a second time, late
 * @param killLost an agent never hears of a kill
 * @param cached a gang has members in the cache
 * @param incomplete a gang lacks a member for good
 * @param aborts the run is given up half-way
 */
record Scenario(
    SchedulerConfig config,
    int tasks,
    double agentDies,
    double agentInterrupted,
    double agentNeverJoins,
    double launchFails,
    double launchRefused,
    double taskFails,
    double submitFails,
    double eventTwice,
    double killLost,
    double cached,
    double incomplete,
    boolean aborts) {
  private static final long GB = 1L << 30;

  static Scenario of(Random random, int tasks) {
    return new Scenario(
        config(random),
        tasks,
        random.nextDouble() * 0.4,
        random.nextDouble() * 0.3,
        random.nextInt(20) == 0 ? 0.7 : random.nextDouble() * 0.08,
        random.nextDouble() * 0.3,
        random.nextInt(20) == 0 ? 0.1 : 0,
        random.nextDouble() * 0.1,
        random.nextDouble() * 0.01,
        random.nextDouble() * 0.2,
        random.nextDouble() * 0.1,
        0.3,
        0.1,
        random.nextInt(10) == 0);
  }

  private static SchedulerConfig config(Random random) {
    int cpus = 4 << random.nextInt(3);
    Resources slice = Resources.of(cpus, cpus * 4L * GB);
    int growth = 1 + random.nextInt(3);
    Resources largest = Resources.of(cpus * growth, 4L * growth * cpus * GB);
    return new SchedulerConfig(
        "simulated",
        random.nextBoolean() ? 0 : 10 + random.nextInt(60),
        1 + random.nextInt(12),
        largest,
        slice,
        "choose larger instance types",
        "choose more or larger instance types",
        Duration.ofSeconds(20 + random.nextInt(60)),
        random.nextBoolean(),
        Duration.ofMinutes(2),
        3,
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        random.nextInt(4),
        Duration.ofSeconds(30));
  }
}
