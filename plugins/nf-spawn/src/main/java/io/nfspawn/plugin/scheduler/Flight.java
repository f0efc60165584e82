package io.nfspawn.plugin.scheduler;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One task or shadow in flight: assigned to an instance and not known to have ended. */
final class Flight {
  private final TaskId id;
  private final TaskRequest request;
  private final Instance instance;
  private final @Nullable Member member;
  private @Nullable Reservation overtakes;
  private @Nullable Instant started;
  private @Nullable Stop stop;

  /** Why and when it was last told to stop. */
  record Stop(Cause cause, String reason, Instant at) {
    enum Cause {
      WITHDRAWN,
      TIME_LIMIT,
      ROUND_FAILED
    }
  }

  /**
   * @param id differs from the request's for a shadow
   * @param member set for members of a gang
   */
  Flight(TaskId id, TaskRequest request, Instance instance, @Nullable Member member) {
    this.id = id;
    this.request = request;
    this.instance = instance;
    this.member = member;
  }

  TaskId id() {
    return id;
  }

  TaskRequest request() {
    return request;
  }

  Instance instance() {
    return instance;
  }

  @Nullable Member member() {
    return member;
  }

  void overtakes(@Nullable Reservation reservation) {
    overtakes = reservation;
  }

  @Nullable Reservation overtakes() {
    return overtakes;
  }

  void start(Instant now) {
    if (started == null) {
      started = now;
    }
  }

  boolean isOverTime(Instant now) {
    Instant from = started;
    return from != null
        && request.timeLimit().isPresent()
        && !now.isBefore(from.plus(request.timeLimit().get()));
  }

  void stop(Stop order) {
    stop = order;
  }

  @Nullable Stop stop() {
    return stop;
  }

  boolean isStoppedFor(Stop.Cause cause) {
    return stop != null && stop.cause() == cause;
  }
}
