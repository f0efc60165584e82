package io.nfspawn.bams3.simulate;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where along a slice of a real genome reads have several hits, or differ so much that only their
 * mates lead to the place: both come in stretches. Immutable.
 */
final class Landscape {
  static final int WINDOW_BP = 16;

  /** Why only its mate leads a read to its place. */
  enum Rescue {
    /** The person's sequence there is not the reference's. */
    DIVERGED,
    /** The sequence there is hard to read: qualities are bad, and errors many. */
    BAD,
    /** For its own errors, or one end lies elsewhere: not part of the landscape. */
    ALONE
  }

  /** Names the draw whether a stretch's crowd is there at all. */
  private static final int CROWD = 97;

  private final double crowdShare;
  private final Map<Rescue, double[]> rescuedShares;
  private final double[] hitShares;
  private final @Nullable WeightedChoice<Hits>[] hits;

  private Landscape(Builder from) {
    int windows = from.hits.length;
    crowdShare = from.crowdShare;
    rescuedShares = from.rescuedShares;
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

  /** For a read that begins at a place; null when it leads there by itself. */
  @Nullable Rescue drawRescue(LandscapeMap.Place place, RandomStream random) {
    double draw = random.nextDouble();
    for (Map.Entry<Rescue, double[]> shares : rescuedShares.entrySet()) {
      draw -= shares.getValue()[place.window()];
      if (draw < 0) {
        return place.draws(CROWD).chance(crowdShare) ? shares.getKey() : null;
      }
    }
    return null;
  }

  Hits drawHits(int window, RandomStream random) {
    WeightedChoice<Hits> choice = hits[window];
    return choice != null && random.chance(hitShares[window]) ? choice.draw(random) : Hits.ONE;
  }

  /** Takes the lines of the fitted model, the number of windows first. */
  static final class Builder {
    private double crowdShare = 1;
    private final Map<Rescue, double[]> rescuedShares = new EnumMap<>(Rescue.class);
    private int windows;
    private int[] reads = {};
    private WeightedChoice.@Nullable Builder<Hits>[] hits = newBuilders(0);

    @SuppressWarnings("unchecked")
    private static WeightedChoice.@Nullable Builder<Hits>[] newBuilders(int windows) {
      return (WeightedChoice.Builder<Hits>[]) new WeightedChoice.Builder<?>[windows];
    }

    void windows(int count) {
      windows = count;
      reads = new int[count];
      hits = newBuilders(count);
      Arrays.fill(reads, 1);
    }

    void crowdShare(double share) {
      crowdShare = share;
    }

    void addRescued(int window, int ofReads, Rescue rescue, int count) {
      rescuedShares.computeIfAbsent(rescue, key -> new double[windows])[window] =
          (double) count / ofReads;
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
