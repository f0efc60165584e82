package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.util.HashMap;
import java.util.Map;

/**
 * Room kept for the oldest candidate that has waited too long. What started before it ends some
 * day; what starts after it may only use what is left beside the kept room, so the owner's turn
 * comes however many younger tasks there are.
 */
final class Reservation {
  private final Candidate owner;
  private final long fleetVersion;
  private final Map<Instance, Resources> kept;
  private final Map<Instance, Resources> overtaking = new HashMap<>();
  private int overtakers;

  /**
   * @param fleetVersion the set of instances that the room was chosen from
   * @param kept instance → room kept there
   */
  Reservation(Candidate owner, long fleetVersion, Map<Instance, Resources> kept) {
    this.owner = owner;
    this.fleetVersion = fleetVersion;
    this.kept = Map.copyOf(kept);
  }

  Candidate owner() {
    return owner;
  }

  long fleetVersion() {
    return fleetVersion;
  }

  /** What a younger candidate may use of an instance. */
  Resources usable(Instance instance) {
    Resources room = kept.get(instance);
    if (room == null) {
      return instance.free();
    }
    Resources taken = room.plus(overtaking.getOrDefault(instance, Resources.NONE));
    return Packing.min(instance.free(), Packing.rest(instance.capacity(), taken));
  }

  /** How many younger tasks queueSize lets start beside the owner. */
  int places(int queueSize) {
    return queueSize == 0
        ? Integer.MAX_VALUE
        : Math.max(0, queueSize - owner.tasks().size() - overtakers);
  }

  void started(Flight flight) {
    flight.overtakes(this);
    overtakers++;
    overtaking.merge(flight.instance(), flight.request().resources(), Resources::plus);
  }

  void ended(Flight flight) {
    overtakers--;
    overtaking.computeIfPresent(
        flight.instance(), (instance, used) -> used.minus(flight.request().resources()));
  }
}
