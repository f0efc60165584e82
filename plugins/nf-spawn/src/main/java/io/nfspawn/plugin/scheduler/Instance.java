package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.Resources;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One instance as the scheduler sees it, from the launch request to its release or loss. */
final class Instance {
  private final InstanceId id;
  private final Resources asked;
  private final Set<Flight> flights = new LinkedHashSet<>();
  private Resources capacity;
  private Resources free;
  private boolean joined;
  private @Nullable String cordonReason;
  private Instant since;

  /**
   * @param asked what the launch asked for; counted as its capacity until more is known
   */
  Instance(InstanceId id, Resources asked, Instant requestedAt) {
    this.id = id;
    this.asked = asked;
    this.capacity = asked;
    this.free = asked;
    this.since = requestedAt;
  }

  void launched(Resources expected) {
    if (!joined) {
      capacity = expected;
      free = expected;
    }
  }

  void join(Resources actual, Instant now) {
    joined = true;
    capacity = actual;
    free = actual;
    since = now;
  }

  void add(Flight flight) {
    free = free.minus(flight.request().resources());
    flights.add(flight);
  }

  void remove(Flight flight, Instant now) {
    if (flights.remove(flight)) {
      free = free.plus(flight.request().resources());
      since = now;
    }
  }

  /** Nothing new starts here any more. */
  void cordon(String reason) {
    cordonReason = reason;
  }

  boolean isOpen() {
    return joined && cordonReason == null;
  }

  boolean isJoined() {
    return joined;
  }

  boolean isCordoned() {
    return cordonReason != null;
  }

  @Nullable String cordonReason() {
    return cordonReason;
  }

  boolean isIdle() {
    return flights.isEmpty();
  }

  InstanceId id() {
    return id;
  }

  Resources asked() {
    return asked;
  }

  Resources capacity() {
    return capacity;
  }

  Resources free() {
    return free;
  }

  Set<Flight> flights() {
    return flights;
  }

  /** While booting: when it was asked for; afterwards: the last time a task ended or it joined. */
  Instant since() {
    return since;
  }
}
