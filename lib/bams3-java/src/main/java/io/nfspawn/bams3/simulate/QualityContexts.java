package io.nfspawn.bams3.simulate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How often each quality follows two others, in a class of reads and a part of the read. Where two
 * were seen too rarely together, the one before decides alone. Immutable.
 */
final class QualityContexts {
  private static final int LEVELS = 94;

  /** Cycles that are the same in reads of any length; the others are stretched. */
  private static final int FIXED_CYCLES = 10;

  private static final int NO_GROUP = -1;
  private static final int ANY_GROUP = -2;

  private final int[] bandStarts;
  private final int[] groupOf;
  private final int groups;
  private final int fittedCycles;

  /** For each context the qualities that follow, the most frequent first; null if none did. */
  private final byte[][] levels;

  /** Their counts, summed up. */
  private final int[][] sums;

  private QualityContexts(Builder from) {
    bandStarts = from.bandStarts;
    groups = from.groupStarts.length;
    fittedCycles = from.cycles;
    groupOf = new int[LEVELS];
    for (int level = 0; level < LEVELS; level++) {
      groupOf[level] = atOrBelow(from.groupStarts, level);
    }
    levels = from.levels;
    sums = from.sums;
  }

  /** Fills in one read's qualities in the order of sequencing. */
  void draw(int readClass, byte[] qualities, RandomStream random) {
    int previous = -1;
    int group = NO_GROUP;
    for (int cycle = 0; cycle < qualities.length; cycle++) {
      int band = atOrBelow(bandStarts, fittedCycle(cycle, qualities.length));
      int context = index(readClass, band, previous, group, bandStarts.length, groups);
      if (levels[context].length == 0) {
        context = nearest(readClass, band, previous);
      }
      byte level = pick(context, random);
      qualities[cycle] = level;
      group = previous < 0 ? NO_GROUP : groupOf[previous];
      previous = level;
    }
  }

  /**
   * A quality may come up where it never did, or only at the end of reads: then other bands know
   * what follows, or else other classes, the worse ones first.
   */
  private int nearest(int readClass, int band, int previous) {
    for (int other = readClass; other >= 0; other--) {
      for (int distance = 0; distance < bandStarts.length; distance++) {
        int before = anyGroup(other, band - distance, previous);
        if (before >= 0) {
          return before;
        }
        int after = anyGroup(other, band + distance, previous);
        if (after >= 0) {
          return after;
        }
      }
    }
    throw new IllegalStateException("class " + readClass + ": nothing follows " + previous);
  }

  /** The context that counts whatever came before the previous quality; below 0 when empty. */
  private int anyGroup(int readClass, int band, int previous) {
    if (band < 0 || band >= bandStarts.length) {
      return -1;
    }
    int context = index(readClass, band, previous, ANY_GROUP, bandStarts.length, groups);
    return levels[context].length > 0 ? context : -1;
  }

  private byte pick(int context, RandomStream random) {
    int[] sum = sums[context];
    int draw = random.nextInt(sum[sum.length - 1]);
    int at = 0;
    while (draw >= sum[at]) {
      at++;
    }
    return levels[context][at];
  }

  private int fittedCycle(int cycle, int readLengthBp) {
    if (cycle < FIXED_CYCLES) {
      return cycle;
    }
    return FIXED_CYCLES
        + (cycle - FIXED_CYCLES) * (fittedCycles - FIXED_CYCLES) / (readLengthBp - FIXED_CYCLES);
  }

  private static int atOrBelow(int[] starts, int value) {
    int at = starts.length - 1;
    while (starts[at] > value) {
      at--;
    }
    return at;
  }

  private static int index(
      int readClass, int band, int previous, int group, int bands, int groups) {
    return ((readClass * bands + band) * (LEVELS + 1) + previous + 1) * (groups + 2)
        + group
        - ANY_GROUP;
  }

  /** Takes the lines of the fitted model: cycles, bands and groups before the contexts. */
  static final class Builder {
    private static final int FIRST_LEVEL = '!';
    private static final int FIRST_WEIGHT = '0';
    private static final double STEPS_TO_DOUBLE = 3;

    private int cycles;
    private int classes;
    private int[] bandStarts = {0};
    private int[] groupStarts = {0};
    private byte[][] levels = {};
    private int[][] sums = {};

    void cycles(int count) {
      cycles = count;
    }

    void classes(int count) {
      classes = count;
    }

    void bands(int[] starts) {
      bandStarts = starts;
    }

    void groups(int[] starts) {
      groupStarts = starts;
      int contexts = classes * bandStarts.length * (LEVELS + 1) * (groupStarts.length + 2);
      levels = new byte[contexts][];
      sums = new int[contexts][];
      Arrays.fill(levels, new byte[0]);
      Arrays.fill(sums, new int[0]);
    }

    void add(int readClass, int band, int previous, int group, String weights) {
      int count = weights.length() / 2;
      int[] order =
          IntStream.range(0, count)
              .boxed()
              .sorted(Comparator.comparingInt((Integer i) -> -weights.charAt(2 * i + 1)))
              .mapToInt(i -> i)
              .toArray();
      byte[] follow = new byte[count];
      int[] sum = new int[count];
      double total = 0;
      for (int i = 0; i < count; i++) {
        follow[i] = (byte) (weights.charAt(2 * order[i]) - FIRST_LEVEL);
        int weight = weights.charAt(2 * order[i] + 1) - FIRST_WEIGHT;
        total += 100 * StrictMath.pow(2, weight / STEPS_TO_DOUBLE);
        sum[i] = (int) total;
      }
      int context = index(readClass, band, previous, group, bandStarts.length, groupStarts.length);
      levels[context] = follow;
      sums[context] = sum;
    }

    QualityContexts build() {
      return new QualityContexts(this);
    }
  }
}
