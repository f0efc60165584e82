package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Best-fit packing, largest need first. Deterministic; knows amounts only. */
final class Packing {
  private static final int[] NONE = {};
  private static final Comparator<Resources> BY_SIZE =
      Comparator.comparingLong(Resources::accelerators)
          .thenComparingLong(Resources::millicpus)
          .thenComparingLong(Resources::memoryBytes)
          .thenComparingLong(Resources::diskBytes);

  private final Resources unit;

  /**
   * @param unit weighs cpus against memory when fits are compared
   */
  Packing(Resources unit) {
    this.unit = unit;
  }

  /**
   * Gives every need a place, or none of them: the index into {@code free} for each, or an empty
   * array. On success {@code free} is what is left.
   */
  int[] place(List<Resources> needs, Resources[] free) {
    if (needs.size() == 1) {
      return placeOne(needs.get(0), free);
    }
    Resources[] left = free.clone();
    int[] places = new int[needs.size()];
    List<Integer> largestFirst =
        IntStream.range(0, needs.size())
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> needs.get(i), BY_SIZE.reversed()))
            .toList();
    for (int i : largestFirst) {
      int[] place = placeOne(needs.get(i), left);
      if (place.length == 0) {
        return NONE;
      }
      places[i] = place[0];
    }
    System.arraycopy(left, 0, free, 0, free.length);
    return places;
  }

  private int[] placeOne(Resources need, Resources[] free) {
    int best = -1;
    double bestLeft = Double.MAX_VALUE;
    for (int i = 0; i < free.length; i++) {
      if (need.fitsIn(free[i])) {
        double left = weight(free[i]) - weight(need);
        if (left < bestLeft) {
          best = i;
          bestLeft = left;
        }
      }
    }
    if (best < 0) {
      return NONE;
    }
    free[best] = free[best].minus(need);
    return new int[] {best};
  }

  /** How many of {@code need} fit in {@code free}, at most {@code limit}. */
  static int times(Resources need, Resources free, int limit) {
    long times = limit;
    times = Math.min(times, ratio(free.millicpus(), need.millicpus()));
    times = Math.min(times, ratio(free.memoryBytes(), need.memoryBytes()));
    times = Math.min(times, ratio(free.diskBytes(), need.diskBytes()));
    return (int) Math.min(times, ratio(free.accelerators(), need.accelerators()));
  }

  static Resources multiply(Resources need, int times) {
    return new Resources(
        need.millicpus() * times,
        need.memoryBytes() * times,
        need.diskBytes() * times,
        need.accelerators() * times);
  }

  static Resources max(Resources a, Resources b) {
    return new Resources(
        Math.max(a.millicpus(), b.millicpus()),
        Math.max(a.memoryBytes(), b.memoryBytes()),
        Math.max(a.diskBytes(), b.diskBytes()),
        Math.max(a.accelerators(), b.accelerators()));
  }

  static Resources min(Resources a, Resources b) {
    return new Resources(
        Math.min(a.millicpus(), b.millicpus()),
        Math.min(a.memoryBytes(), b.memoryBytes()),
        Math.min(a.diskBytes(), b.diskBytes()),
        Math.min(a.accelerators(), b.accelerators()));
  }

  /** {@code a − b}, nowhere below nothing. */
  static Resources rest(Resources a, Resources b) {
    return a.minus(min(a, b));
  }

  private static long ratio(long free, long need) {
    return need == 0 ? Long.MAX_VALUE : free / need;
  }

  private double weight(Resources amount) {
    return (double) amount.millicpus() / Math.max(1, unit.millicpus())
        + (double) amount.memoryBytes() / Math.max(1, unit.memoryBytes())
        + (double) amount.accelerators() / Math.max(1, unit.accelerators());
  }
}
