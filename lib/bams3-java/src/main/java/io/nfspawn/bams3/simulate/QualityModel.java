package io.nfspawn.bams3.simulate;

/**
 * Base qualities as a HiSeq reports them: 40 levels (2 to 41), each cycle's drawn from the one
 * before it (a Markov chain of order 1 with its own transitions for each cycle), good at first and
 * falling towards the end, the second read worse than the first, with tails of quality 2. A base of
 * quality Q is read wrongly with probability 10^(-Q/10).
 *
 * <p>Thread-safe after construction.
 */
final class QualityModel implements Qualities {
  private static final int LOWEST = 2;
  private static final int LEVELS = 40;
  private static final int SLOTS = 1_024;

  /** Tails begin at every fourth cycle only: one chance in 1,024 at each would be too many. */
  private static final int TAIL_EVERY = 4;

  /** For each cycle and level before it, the level that each of 1,024 equal chances leads to. */
  private final byte[] transitions;

  private final long[] errorThreshold = new long[LEVELS];

  QualityModel(int readLengthBp, boolean secondRead) {
    transitions = new byte[readLengthBp * LEVELS * SLOTS];
    for (int cycle = 0; cycle < readLengthBp; cycle++) {
      double along = (double) cycle / readLengthBp;
      double target = targetLevel(cycle, along, secondRead);
      boolean mayTail = along > 0.4 && cycle % TAIL_EVERY == 0;
      double tail = mayTail ? (secondRead ? 2.0 : 1.0) / SLOTS : 0;
      for (int before = 0; before < LEVELS; before++) {
        fillSlots((cycle * LEVELS + before) * SLOTS, weights(before, target, tail));
      }
    }
    for (int level = 0; level < LEVELS; level++) {
      errorThreshold[level] = (long) (0x1p32 * StrictMath.pow(10, -(level + LOWEST) / 10.0));
    }
  }

  private static double targetLevel(int cycle, double along, boolean secondRead) {
    double start = secondRead ? 36 : 37;
    double rise = 4 * StrictMath.exp(-cycle / 4.0);
    double fall = (secondRead ? 8 : 5) * along * along;
    return start - rise - fall;
  }

  private static double[] weights(int before, double target, double tail) {
    double[] weights = new double[LEVELS];
    if (before == 0) {
      weights[0] = 0.97;
      weights[12] = 0.03;
      return weights;
    }
    double mean = 0.7 * before + 0.3 * target;
    double sum = 0;
    for (int level = 1; level < LEVELS; level++) {
      double distance = (level - mean) / 2.2;
      weights[level] = StrictMath.exp(-distance * distance / 2) + 0.001;
      sum += weights[level];
    }
    for (int level = 1; level < LEVELS; level++) {
      weights[level] *= (1 - tail) * 0.75 / sum;
    }
    weights[before] += 0.25 * (1 - tail);
    weights[0] = tail;
    return weights;
  }

  private void fillSlots(int from, double[] weights) {
    double cumulative = 0;
    int slot = 0;
    for (int level = 0; level < LEVELS; level++) {
      cumulative += weights[level] * SLOTS;
      while (slot < SLOTS && slot < cumulative - 0.5) {
        transitions[from + slot++] = (byte) level;
      }
    }
    while (slot < SLOTS) {
      transitions[from + slot++] = (byte) (LEVELS - 1);
    }
  }

  @Override
  public void sequence(byte[] bases, byte[] qualities, boolean reverse, RandomStream random) {
    int level = LEVELS - 6;
    for (int cycle = 0; cycle < bases.length; cycle++) {
      long draw = random.nextLong();
      level = transitions[(cycle * LEVELS + level) * SLOTS + (int) (draw & (SLOTS - 1))];
      int at = reverse ? bases.length - 1 - cycle : cycle;
      qualities[at] = (byte) (level + LOWEST);
      if ((draw >>> 32) < errorThreshold[level]) {
        bases[at] = Nucleotide.other(bases[at], (int) ((draw >>> 10) & 0xFFFFF));
      }
    }
  }
}
