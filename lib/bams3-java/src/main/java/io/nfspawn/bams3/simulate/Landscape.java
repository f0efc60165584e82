package io.nfspawn.bams3.simulate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where along a slice of a real genome reads have several hits, or differ so much that only their
 * mates lead to the place: both come in stretches. Immutable.
 */
final class Landscape {
  static final int WINDOW_BP = 64;

  private final double[] divergedShares;
  private final double[] levelFactors;
  private final double[] hitShares;
  private final @Nullable WeightedChoice<Hits>[] hits;

  private Landscape(Builder from) {
    int windows = from.divergedShares.length;
    divergedShares = from.divergedShares;
    levelFactors = from.levelFactors;
    hitShares = new double[windows];
    hits = newChoices(windows);
    for (int window = 0; window < windows; window++) {
      WeightedChoice.Builder<Hits> counted = from.hits[window];
      if (counted != null) {
        WeightedChoice<Hits> choice = counted.build();
        hits[window] = choice;
        hitShares[window] = (double) choice.total() / from.reads[window];
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static @Nullable WeightedChoice<Hits>[] newChoices(int windows) {
    return (WeightedChoice<Hits>[]) new WeightedChoice<?>[windows];
  }

  int windows() {
    return hits.length;
  }

  /**
   * Share of the reads beginning in a window that only their mates led to it.
   *
   * @param level how bad they are: {@link FittedModel#level}
   */
  double divergedShare(int window, int level) {
    return divergedShares[window] * levelFactors[level];
  }

  Hits drawHits(int window, RandomStream random) {
    WeightedChoice<Hits> choice = hits[window];
    return choice != null && random.chance(hitShares[window]) ? choice.draw(random) : Hits.ONE;
  }

  /** Takes the lines of the fitted model, the number of windows first. */
  static final class Builder {
    private double[] divergedShares = {};
    private double[] levelFactors = {};
    private int[] reads = {};
    private WeightedChoice.@Nullable Builder<Hits>[] hits = newBuilders(0);

    @SuppressWarnings("unchecked")
    private static WeightedChoice.@Nullable Builder<Hits>[] newBuilders(int windows) {
      return (WeightedChoice.Builder<Hits>[]) new WeightedChoice.Builder<?>[windows];
    }

    void windows(int count) {
      divergedShares = new double[count];
      reads = new int[count];
      hits = newBuilders(count);
      Arrays.fill(reads, 1);
    }

    void addDiverged(int window, int ofReads, int count) {
      divergedShares[window] = (double) count / ofReads;
    }

    /** In the order of levels. */
    void divergedAtLevel(int level, double factor) {
      levelFactors = Arrays.copyOf(levelFactors, level + 1);
      levelFactors[level] = factor;
    }

    void addHits(int window, int ofReads, Hits those, int count) {
      reads[window] = ofReads;
      WeightedChoice.Builder<Hits> counted = hits[window];
      if (counted == null) {
        counted = new WeightedChoice.Builder<>();
        hits[window] = counted;
      }
      counted.add(those, count);
    }

    Landscape build() {
      return new Landscape(this);
    }
  }
}
