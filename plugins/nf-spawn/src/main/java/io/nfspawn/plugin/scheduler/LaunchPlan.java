package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Works out which new instances a list of demands needs, oldest first, beside what exists and what
 * is booting. Counts on no more tasks than queueSize and maxForks will let start.
 */
final class LaunchPlan {
  private final SchedulerConfig config;
  private final Packing packing;
  private final InFlight inFlight;
  private final List<Resources> free = new ArrayList<>();
  private final Map<Kind, Integer> launches = new LinkedHashMap<>();
  private int room;
  private int places;

  /** Like instances, launched by one request. */
  record Kind(Resources atLeast, Optional<GangId> gang) {}

  LaunchPlan(SchedulerConfig config, Packing packing, InFlight inFlight, Instances instances) {
    this.config = config;
    this.packing = packing;
    this.inFlight = inFlight;
    this.room = instances.room();
    this.places = inFlight.places();
    instances.usable().forEach(instance -> free.add(instance.free()));
  }

  /** False when the demand is a round that cannot be served as a whole. */
  boolean add(Demand demand) {
    return demand.first().tasks().size() > 1 ? addRound(demand.first()) : addLine(demand);
  }

  Map<Kind, Integer> launches() {
    return launches;
  }

  private boolean addLine(Demand demand) {
    TaskRequest task = demand.first().tasks().get(0);
    Resources need = task.resources();
    int left = Math.min(demand.count(), places);
    if (task.maxForks() > 0) {
      left = Math.min(left, task.maxForks() - inFlight.forks(task.process()));
    }
    places -= Math.max(0, left);
    for (int i = 0; i < free.size() && left > 0; i++) {
      int times = Packing.times(need, free.get(i), left);
      free.set(i, free.get(i).minus(Packing.multiply(need, times)));
      left -= times;
    }
    Resources capacity = Packing.max(config.slice(), need);
    while (left > 0 && room > 0) {
      int times = Packing.times(need, capacity, left);
      launch(new Kind(capacity, gangOf(demand.first())), 1);
      free.add(capacity.minus(Packing.multiply(need, times)));
      left -= times;
    }
    return true;
  }

  private boolean addRound(Candidate round) {
    List<Resources> needs = round.needs();
    Resources slice = needs.stream().reduce(config.slice(), Packing::max);
    if (!addRound(round, needs, slice) && !addRound(round, needs, config.largest())) {
      return false;
    }
    places -= needs.size();
    return true;
  }

  private boolean addRound(Candidate round, List<Resources> needs, Resources capacity) {
    int most = Math.min(room, needs.size());
    for (int added = 0; added <= most; added++) {
      List<Resources> bins = new ArrayList<>(free);
      for (int i = 0; i < added; i++) {
        bins.add(capacity);
      }
      Resources[] left = bins.toArray(Resources[]::new);
      if (packing.place(needs, left).length > 0) {
        free.clear();
        free.addAll(List.of(left));
        launch(new Kind(capacity, gangOf(round)), added);
        return true;
      }
    }
    return false;
  }

  private void launch(Kind kind, int count) {
    if (count > 0) {
      launches.merge(kind, count, Integer::sum);
      room -= count;
    }
  }

  private static Optional<GangId> gangOf(Candidate candidate) {
    return candidate.tasks().get(0).gang().map(GangMember::gang);
  }
}
