package io.nfspawn.bams3.simulate;

/**
 * How likely a fragment from each window of a contig is to be sequenced: less where GC content is
 * far from the middle, hardly at all in a few short dips, as PCR and capture leave them.
 */
final class CoverageProfile {
  private static final int WINDOW_BP = 100;
  private static final int GC_WINDOWS = 4;
  private static final double BEST_GC = 0.44;
  private static final double GC_DEVIATION = 0.2;
  private static final double DIP_RATE = 1 / 50_000.0;
  private static final double KEPT_IN_DIP = 0.12;

  private final double[] kept;

  CoverageProfile(ReferenceContig contig, RandomStream random) {
    double[] gc = new double[contig.lengthBp() / WINDOW_BP + 1];
    for (int i = contig.sequencedStart(); i < contig.sequencedEnd(); i++) {
      byte base = contig.baseAt(i);
      gc[i / WINDOW_BP] += base == 'G' || base == 'C' ? 1.0 / WINDOW_BP : 0;
    }
    kept = new double[gc.length];
    int dipEnd = 0;
    for (int i = 0; i < gc.length; i++) {
      if (random.chance(DIP_RATE * WINDOW_BP)) {
        dipEnd = i + random.between(3, 9);
      }
      double distance = (mean(gc, i) - BEST_GC) / GC_DEVIATION;
      kept[i] = StrictMath.exp(-distance * distance / 2) * (i < dipEnd ? KEPT_IN_DIP : 1);
    }
  }

  private static double mean(double[] gc, int from) {
    int to = Math.min(gc.length, from + GC_WINDOWS);
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += gc[i];
    }
    return sum / (to - from);
  }

  /** Whether a fragment that would begin here is kept. */
  boolean keeps(int start, RandomStream random) {
    return random.chance(kept[start / WINDOW_BP]);
  }
}
