package io.nfspawn.bams3.simulate;

import java.util.Arrays;
import java.util.List;

/** Draws the fragments of one contig in order of their first reference position. */
final class FragmentSource {
  private static final double INSERT_DEVIATION_BP = 55;
  private static final int INSERT_BEYOND_READ_BP = 230;

  private final List<Haplotype> haplotypes;
  private final int readLengthBp;
  private final RandomStream random;
  private final int[] starts;
  private int next;

  FragmentSource(List<Haplotype> haplotypes, int readLengthBp, int fragments, RandomStream random) {
    this.haplotypes = haplotypes;
    this.readLengthBp = readLengthBp;
    this.random = random;
    ReferenceContig contig = haplotypes.get(0).contig();
    int lastStart = contig.sequencedEnd() - longestInsertBp(readLengthBp);
    starts = new int[fragments];
    for (int i = 0; i < fragments; i++) {
      starts[i] = random.between(contig.sequencedStart(), lastStart);
    }
    Arrays.sort(starts);
  }

  /** With room for what the longest insert may lose to deletions on its haplotype. */
  static int longestInsertBp(int readLengthBp) {
    return readLengthBp + INSERT_BEYOND_READ_BP + (int) (6 * INSERT_DEVIATION_BP) + 100;
  }

  boolean hasNext() {
    return next < starts.length;
  }

  /** First reference position of the fragment that comes next: no later read begins before it. */
  int nextStart() {
    return starts[next];
  }

  Fragment next() {
    Haplotype haplotype = haplotypes.get(random.nextInt(haplotypes.size()));
    double insertBp =
        readLengthBp + INSERT_BEYOND_READ_BP + INSERT_DEVIATION_BP * random.nextGaussian();
    int offset = haplotype.offsetOf(starts[next++]);
    return new Fragment(
        haplotype, offset, Math.max(readLengthBp, (int) insertBp), random.chance(0.5));
  }
}
