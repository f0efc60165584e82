package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.time.Duration;
import java.util.Map;

/** Why a task waits; {@link #text()} is the one line that log, dashboard and status show. */
public sealed interface WaitReason {
  String text();

  record QueueFull(int inFlight, int queueSize) implements WaitReason {
    @Override
    public String text() {
      return "queue is full (%d of %d)".formatted(inFlight, queueSize);
    }
  }

  record MaxForks(String process, int inFlight, int maxForks) implements WaitReason {
    @Override
    public String text() {
      return "maxForks of %s (%d of %d)".formatted(process, inFlight, maxForks);
    }
  }

  record NoFreeSlice(Resources need, Resources largestFree) implements WaitReason {
    @Override
    public String text() {
      return "no free slice (needs %s, largest free %s)"
          .formatted(Amounts.text(need), Amounts.text(largestFree));
    }
  }

  /** Room that is free is kept for an older task or gang. */
  record RoomReserved(String owner) implements WaitReason {
    @Override
    public String text() {
      return "room is kept for %s, which is older".formatted(owner);
    }
  }

  /** A gang needs more places of queueSize than are free. */
  record NoPlaces(int needed, int free, int queueSize) implements WaitReason {
    @Override
    public String text() {
      return "needs %d places of the queue, %d of %d are free".formatted(needed, free, queueSize);
    }
  }

  /** There is not enough room for all members of a gang at once. */
  record NoRoomTogether(Resources need, Resources free) implements WaitReason {
    @Override
    public String text() {
      return "no room for all members at once (they need %s, free are %s)"
          .formatted(Amounts.text(need), Amounts.text(free));
    }
  }

  record Booting(int instances) implements WaitReason {
    @Override
    public String text() {
      return "booting %d instance%s".formatted(instances, instances == 1 ? "" : "s");
    }
  }

  record LaunchRetry(Duration in, String message) implements WaitReason {
    @Override
    public String text() {
      return "launch retry in %s: %s".formatted(Amounts.text(in), message);
    }
  }

  /** The gang's composition has not arrived. */
  record GangIncomplete(GangId gang, int arrived, int size, Map<String, Integer> missing)
      implements WaitReason {
    @Override
    public String text() {
      return "gang %s: %d of %d members, waiting for %s"
          .formatted(gang, arrived, size, Amounts.roles(missing));
    }
  }

  /** The gang is complete; all its members wait for the same thing. */
  record GangWaits(GangId gang, WaitReason cause) implements WaitReason {
    @Override
    public String text() {
      return "gang %s: %s".formatted(gang, cause.text());
    }
  }

  /** The member is done; a gang commits as one. */
  record GangUncommitted(GangId gang, int running) implements WaitReason {
    @Override
    public String text() {
      return "gang %s: done, %d member%s still running"
          .formatted(gang, running, running == 1 ? "" : "s");
    }
  }

  /** The member's round failed; its peers are being stopped or its culprit decided upon. */
  record RoundFailed(GangId gang, int epoch, int stopping) implements WaitReason {
    @Override
    public String text() {
      return stopping > 0
          ? "gang %s: round %d failed, stopping %d member%s"
              .formatted(gang, epoch, stopping, stopping == 1 ? "" : "s")
          : "gang %s: round %d failed, waiting for the error strategy of the failed member"
              .formatted(gang, epoch);
    }
  }
}
