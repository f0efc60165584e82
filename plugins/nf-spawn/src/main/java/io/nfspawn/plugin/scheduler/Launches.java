package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks for instances; backs off when they cannot be had and gives up when they never can. */
final class Launches {
  private final SchedulerConfig config;
  private final Turn turn;
  private final Instances instances;
  private final InFlight inFlight;
  private final Packing packing;
  private Instant nextAt = Instant.EPOCH;
  private Duration pause;
  private String lastFailure = "";
  private @Nullable String refusal;
  private int bootFailures;

  Launches(
      SchedulerConfig config, Turn turn, Instances instances, InFlight inFlight, Packing packing) {
    this.config = config;
    this.turn = turn;
    this.instances = instances;
    this.inFlight = inFlight;
    this.packing = packing;
    this.pause = config.launchRetry();
  }

  /** True when a launch could be made now, if there were need. */
  boolean arePossible() {
    return refusal == null && instances.room() > 0 && !turn.now().isBefore(nextAt);
  }

  /**
   * Launches what the demands need.
   *
   * @param reservation its owner goes first: while it cannot be served, nobody else is
   */
  void serve(List<Demand> demands, @Nullable Reservation reservation) {
    if (demands.isEmpty() || !arePossible()) {
      return;
    }
    LaunchPlan plan = new LaunchPlan(config, packing, inFlight, instances);
    for (Demand demand : demands) {
      boolean served = plan.add(demand);
      if (!served && reservation != null && reservation.owner().equals(demand.first())) {
        break;
      }
    }
    plan.launches()
        .forEach(
            (kind, count) -> {
              List<InstanceId> ids = new ArrayList<>();
              for (int i = 0; i < count; i++) {
                ids.add(instances.request(kind.atLeast()).id());
              }
              turn.act(new Action.Launch(ids, kind.atLeast(), kind.gang()));
            });
  }

  /** Launches the first instance where an idle one costs nothing. */
  void expectTasks() {
    if (config.keepInstances() && instances.all().isEmpty() && arePossible()) {
      InstanceId id = instances.request(config.slice()).id();
      turn.act(new Action.Launch(List.of(id), config.slice(), Optional.empty()));
    }
  }

  void joined() {
    bootFailures = 0;
    pause = config.launchRetry();
  }

  void failed(Event.LaunchFailed event) {
    boolean any = false;
    for (InstanceId id : event.instances()) {
      Instance instance = instances.get(id);
      if (instance != null && !instance.isJoined()) {
        instances.forget(instance);
        any = true;
      }
    }
    if (any) {
      if (event.retryable()) {
        backOff(event.message());
      } else {
        refusal = event.message();
      }
    }
  }

  /** An instance ended, or was given up, before its agent joined. */
  void bootFailed(Instance instance, String reason) {
    instances.release(instance, reason);
    if (!turn.now().isBefore(nextAt)) {
      bootFailures++; // several that fail together count once
    }
    if (bootFailures >= config.maxBootFailures()) {
      refusal =
          "%d launches in a row ended before an agent could work, the last one: %s"
              .formatted(bootFailures, reason);
    } else {
      backOff(reason);
    }
  }

  void tick() {
    for (Instance instance : new ArrayList<>(instances.all())) {
      if (!instance.isJoined()
          && !turn.now().isBefore(instance.since().plus(config.bootTimeout()))) {
        bootFailed(
            instance,
            "its agent did not join within %s".formatted(Amounts.text(config.bootTimeout())));
      }
    }
  }

  /** Why nothing will ever be launched again. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  Optional<WaitReason> pausing() {
    return turn.now().isBefore(nextAt)
        ? Optional.of(new WaitReason.LaunchRetry(Duration.between(turn.now(), nextAt), lastFailure))
        : Optional.empty();
  }

  private void backOff(String message) {
    lastFailure = message;
    if (turn.now().isBefore(nextAt)) {
      return;
    }
    nextAt = turn.now().plus(pause);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(config.maxLaunchRetry()) > 0 ? config.maxLaunchRetry() : doubled;
  }
}
