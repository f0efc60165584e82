package io.nfspawn.bams3.simulate;

/**
 * Base qualities as a NovaSeq 6000 bins them: 2, 12, 23 and 37. Each cycle's level is drawn from
 * the one before it; one read in twelve is a poor one, which leaves the best level four times as
 * often; towards the end of the read all do so twice as often. Level 2 is a base that was not
 * called (N), one in 4,000. Not fitted to a file: shares of the levels and their runs are near what
 * public NovaSeq genomes show (about 93 % at 37, 3 to 4 % each at 23 and 12).
 *
 * <p>Not thread-safe after the first read: none of its state is.
 */
final class FourLevelQualities implements Qualities {
  private static final byte[] LEVELS = {2, 12, 23, 37};
  private static final int BEST = 3;
  private static final double POOR_SHARE = 1 / 12.0;
  private static final double POOR_FACTOR = 4;
  private static final double LEAVE_BEST = 0.018;

  /** Where a level that is not the best leads to: to each level in turn. */
  private static final double[][] STEPS = {
    {0.02, 0.38, 0.2, 0.4}, {0.0, 0.3, 0.2, 0.5}, {0.0, 0.18, 0.27, 0.55}
  };

  private static final double[] FROM_BEST = {0.012, 0.42, 0.568};

  @Override
  public void sequence(byte[] bases, byte[] qualities, boolean reverse, RandomStream random) {
    double leave = LEAVE_BEST * (random.chance(POOR_SHARE) ? POOR_FACTOR : 1);
    int level = BEST;
    for (int cycle = 0; cycle < bases.length; cycle++) {
      double along = (double) cycle / bases.length;
      level = next(level, leave * (1 + along), random);
      int at = reverse ? bases.length - 1 - cycle : cycle;
      qualities[at] = LEVELS[level];
      if (level == 0) {
        bases[at] = 'N';
      } else if (random.chance(ERRORS[level])) {
        bases[at] = Nucleotide.other(bases[at], random.nextInt(3));
      }
    }
  }

  private static final double[] ERRORS = {1, 0.063, 0.005, 0.0002};

  private static int next(int level, double leave, RandomStream random) {
    double draw = random.nextDouble();
    double[] steps = STEPS[Math.min(level, BEST - 1)];
    if (level == BEST) {
      if (draw >= leave) {
        return BEST;
      }
      draw /= leave;
      steps = FROM_BEST;
    }
    int to = 0;
    while (to < steps.length - 1 && draw >= steps[to]) {
      draw -= steps[to++];
    }
    return to;
  }
}
