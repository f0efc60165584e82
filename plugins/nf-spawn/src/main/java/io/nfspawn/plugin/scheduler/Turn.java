package io.nfspawn.plugin.scheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The events being handled: their instant and the actions so far. Shared by the parts. */
final class Turn {
  private Instant now = Instant.EPOCH;
  private List<Action> actions = new ArrayList<>();
  private boolean changed;
  private long sequence;

  /** Time never runs backwards here, whatever the events say. */
  void advanceTo(Instant at) {
    if (at.isAfter(now)) {
      now = at;
    }
  }

  Instant now() {
    return now;
  }

  void act(Action action) {
    actions.add(action);
  }

  /** Something happened that may let a waiting task start, or need an instance. */
  void change() {
    changed = true;
  }

  boolean isChanged() {
    return changed;
  }

  boolean takeChange() {
    boolean taken = changed;
    changed = false;
    return taken;
  }

  /** Numbers what waits, in the order in which it began to. */
  long nextSequence() {
    return sequence++;
  }

  List<Action> takeActions() {
    List<Action> taken = actions;
    actions = new ArrayList<>();
    return taken;
  }
}
