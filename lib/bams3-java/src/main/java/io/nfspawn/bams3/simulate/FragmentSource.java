package io.nfspawn.bams3.simulate;

import java.util.Arrays;
import java.util.List;

/** Draws the fragments of one contig in order of their first reference position. */
final class FragmentSource {
  private final List<Haplotype> haplotypes;
  private final FragmentLengths lengths;
  private final RandomStream random;
  private final int[] starts;
  private int next;

  FragmentSource(
      List<Haplotype> haplotypes, FragmentLengths lengths, int fragments, RandomStream random) {
    this.haplotypes = haplotypes;
    this.lengths = lengths;
    this.random = random;
    ReferenceContig contig = haplotypes.get(0).contig();
    int lastStart = contig.sequencedEnd() - lengths.usualBp();
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
    int drawnBp = lengths.drawBp(random);
    int offset = haplotype.offsetOf(starts[next++]);
    ReferenceContig contig = haplotype.contig();
    int marginBp = contig.lengthBp() - contig.sequencedEnd();
    // A base less: a polymerase that slips takes one more.
    int lengthBp = Math.min(drawnBp, haplotype.lengthBp() - marginBp - offset - 1);
    return new Fragment(haplotype, offset, lengthBp, random.chance(0.5));
  }
}
