package io.nfspawn.it.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A virtual clock and what is to happen on it. Ties go in the order of scheduling. */
final class Timeline {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private record Entry(Instant at, long sequence, Runnable what) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::sequence));
  private Instant now = START;
  private long sequence;

  Instant now() {
    return now;
  }

  Duration elapsed() {
    return Duration.between(START, now);
  }

  void after(long millis, Runnable what) {
    entries.add(new Entry(now.plusMillis(millis), sequence++, what));
  }

  /** Lets the next thing happen; false when there is none. */
  boolean step() {
    Entry next = entries.poll();
    if (next == null) {
      return false;
    }
    now = next.at();
    next.what().run();
    return true;
  }
}
