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
    CoverageProfile profile = new CoverageProfile(contig, random);
    int drawn = 0;
    while (drawn < fragments) {
      int start = random.between(contig.sequencedStart(), lastStart);
      if (profile.keeps(start, random)) {
        starts[drawn++] = start;
      }
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

  /**
   * No read of the fragments to come is aligned before this reference position. Reads may begin
   * before their fragment: an insertion near a read's start is aligned as if it were not there.
   */
  int nextStart() {
    return starts[next] - 2 * VariantModel.LONGEST_INDEL_BP;
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
