package io.nfspawn.plugin.scheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gang through all its rounds. */
final class Gang {
  private final GangId id;
  private final Composition composition;
  private final List<TaskRequest> cached = new ArrayList<>();
  private Round forming;
  private @Nullable Round running;
  private @Nullable Failure over;
  private Instant lastArrival;
  private int reclaims;

  Gang(GangId id, Composition composition, Instant now) {
    this.id = id;
    this.composition = composition;
    this.forming = new Round(this, 1);
    this.lastArrival = now;
  }

  GangId id() {
    return id;
  }

  Composition composition() {
    return composition;
  }

  /** Members that were taken from the cache; the same in every round. */
  List<TaskRequest> cached() {
    return cached;
  }

  /** The round that gathers members or waits for room. */
  Round forming() {
    return forming;
  }

  /** The round that runs or is being stopped. */
  @Nullable Round running() {
    return running;
  }

  void started() {
    running = forming;
    forming = new Round(this, running.epoch() + 1);
  }

  void closed(Round round) {
    if (round.equals(running)) {
      running = null;
    }
  }

  /** What later arrivals fail with once the gang has committed or died. */
  @Nullable Failure over() {
    return over;
  }

  /** The first reason is the one that stays. */
  void end(Failure reason) {
    if (over == null) {
      over = reason;
    }
  }

  void arrivedAt(Instant now) {
    lastArrival = now;
  }

  Instant lastArrival() {
    return lastArrival;
  }

  int reclaims() {
    return reclaims;
  }

  void reclaimed() {
    reclaims++;
  }

  int cachedCount(String role) {
    return (int) cached.stream().filter(task -> role.equals(roleOf(task))).count();
  }

  /** Members still to come: role → number, in the order of the roles. */
  Map<String, Integer> missing() {
    Map<String, Integer> missing = new LinkedHashMap<>();
    composition
        .roles()
        .forEach(
            (role, wanted) -> {
              int lacking = wanted - forming.count(role) - cachedCount(role);
              if (lacking > 0) {
                missing.put(role, lacking);
              }
            });
    return missing;
  }

  /** Members that are here, the cached included: role → number. */
  Map<String, Integer> present() {
    Map<String, Integer> missing = missing();
    Map<String, Integer> present = new LinkedHashMap<>();
    composition
        .roles()
        .forEach(
            (role, wanted) -> {
              int here = wanted - missing.getOrDefault(role, 0);
              if (here > 0) {
                present.put(role, here);
              }
            });
    return present;
  }

  static String roleOf(TaskRequest task) {
    return task.gang().orElseThrow().role();
  }
}
