package io.nfspawn.bams3.simulate;

import java.util.Arrays;

/**
 * Errors of the polymerase in long homopolymers: a read loses or gains one base of the run, the
 * more often the longer the run. They are what makes indels hard to call.
 */
final class Slippage {
  private static final int LEAST_RUN_BP = 8;
  private static final double LOSS_SHARE = 0.65;

  /** Offsets on the haplotype of the first bases of the runs, in order. */
  private final int[] starts;

  private final int[] lengthsBp;
  private final double ratePerBase;

  /**
   * @param ratePerBase how much more often reads slip for each base of a run beyond the shortest
   */
  Slippage(byte[] bases, double ratePerBase) {
    this.ratePerBase = ratePerBase;
    int[] foundStarts = new int[16];
    int[] foundLengths = new int[16];
    int found = 0;
    int start = 0;
    for (int i = 1; i <= bases.length; i++) {
      if (i < bases.length && bases[i] == bases[start]) {
        continue;
      }
      if (i - start >= LEAST_RUN_BP && bases[start] != 'N') {
        if (found == foundStarts.length) {
          foundStarts = Arrays.copyOf(foundStarts, 2 * found);
          foundLengths = Arrays.copyOf(foundLengths, 2 * found);
        }
        foundStarts[found] = start;
        foundLengths[found++] = i - start;
      }
      start = i;
    }
    starts = Arrays.copyOf(foundStarts, found);
    lengthsBp = Arrays.copyOf(foundLengths, found);
  }

  /**
   * The number of bases, counted along the haplotype from {@code offset}, after which this read
   * slips; -1 if it does not. Only the first long run is looked at, and only if the read holds it.
   */
  int drawPlace(int offset, int lengthBp, RandomStream random) {
    int found = Arrays.binarySearch(starts, offset + 1);
    int run = found < 0 ? -found - 1 : found;
    if (run == starts.length || starts[run] + lengthsBp[run] >= offset + lengthBp) {
      return -1;
    }
    double probability = Math.min(0.3, ratePerBase * (lengthsBp[run] - LEAST_RUN_BP + 1));
    return random.chance(probability) ? starts[run] - offset : -1;
  }

  static boolean drawLoss(RandomStream random) {
    return random.chance(LOSS_SHARE);
  }
}
