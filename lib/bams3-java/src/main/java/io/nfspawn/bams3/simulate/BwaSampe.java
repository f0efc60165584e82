package io.nfspawn.bams3.simulate;

/**
 * The rules by which {@code bwa sampe} gives mapping qualities to a pair (its tags SM and AM too).
 */
final class BwaSampe {
  private static final int UNIQUE = 37;
  private static final int MOST_DIFFERENT = 25;
  private static final int NEXT_BEST = 23;
  private static final int MOST = 60;
  private static final int MOST_HITS = 255;

  /** Decibels of e, as bwa rounds them. */
  private static final double LOG_FACTOR = 4.343;

  private BwaSampe() {}

  /**
   * Mapping quality of a read by itself.
   *
   * @param mismatches of the best hit
   * @param keptBp bases that were aligned
   */
  static int single(Hits hits, int mismatches, int keptBp) {
    if (hits.moved() || hits.best() > 1) {
      return 0;
    }
    if (mismatches == BwaAln.mostDifferences(keptBp)) {
      return MOST_DIFFERENT;
    }
    if (hits.lesser() == 0) {
      return UNIQUE;
    }
    double loss = LOG_FACTOR * StrictMath.log(Math.min(MOST_HITS, hits.lesser())) + 0.5;
    return Math.max(0, NEXT_BEST - (int) loss);
  }

  /**
   * Mapping quality of a read in a proper pair.
   *
   * @param single its own
   * @param mate its mate's own
   * @param byMate what the mate gives a read that has none of its own
   */
  static int inPair(int single, int mate, int byMate) {
    if (single > 0) {
      return mate > 0 ? Math.min(MOST, single + mate) : single;
    }
    return Math.min(byMate, mate);
  }
}
