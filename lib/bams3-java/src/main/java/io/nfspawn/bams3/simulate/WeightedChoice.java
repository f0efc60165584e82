package io.nfspawn.bams3.simulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Draws one of several things as often as they were counted. Immutable. */
final class WeightedChoice<T> {
  private final List<T> things;
  private final long[] cumulative;

  private WeightedChoice(List<T> things, long[] cumulative) {
    this.things = things;
    this.cumulative = cumulative;
  }

  /** Sum of all counts. */
  long total() {
    return cumulative[cumulative.length - 1];
  }

  T draw(RandomStream random) {
    long draw = (long) (random.nextDouble() * total());
    int at = 0;
    while (draw >= cumulative[at]) {
      at++;
    }
    return things.get(at);
  }

  /** Collects things with their counts; frequent ones are found first. */
  static final class Builder<T> {
    private record Counted<T>(T thing, long count) {}

    private final List<Counted<T>> counted = new ArrayList<>();

    void add(T thing, long count) {
      counted.add(new Counted<>(thing, count));
    }

    WeightedChoice<T> build() {
      counted.sort(Comparator.comparingLong((Counted<T> c) -> c.count()).reversed());
      long[] cumulative = new long[counted.size()];
      long sum = 0;
      for (int i = 0; i < cumulative.length; i++) {
        sum += counted.get(i).count();
        cumulative[i] = sum;
      }
      return new WeightedChoice<>(counted.stream().map(Counted::thing).toList(), cumulative);
    }
  }
}
