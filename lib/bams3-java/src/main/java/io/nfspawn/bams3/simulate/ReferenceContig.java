package io.nfspawn.bams3.simulate;

import java.util.BitSet;

/**
 * One contig of the reference: upper-case A C G T, with N at both ends as real assemblies have, and
 * stretches that occur twice.
 */
final class ReferenceContig {
  private final String name;
  private final byte[] bases;
  private final int marginBp;
  private final BitSet ambiguous;

  /**
   * Takes ownership of bases and bits.
   *
   * @param marginBp length of the run of N at each end
   * @param ambiguous the positions that lie in one of two nearly equal stretches
   */
  ReferenceContig(String name, byte[] bases, int marginBp, BitSet ambiguous) {
    this.name = name;
    this.bases = bases;
    this.marginBp = marginBp;
    this.ambiguous = ambiguous;
  }

  String name() {
    return name;
  }

  int lengthBp() {
    return bases.length;
  }

  byte baseAt(int position) {
    return bases[position];
  }

  /** First position that is not N. */
  int sequencedStart() {
    return marginBp;
  }

  /** Position after the last that is not N. */
  int sequencedEnd() {
    return bases.length - marginBp;
  }

  /** Whether an aligner cannot tell from which of two places these bases come. */
  boolean isAmbiguous(int start, int end) {
    return ambiguous.get(start) && ambiguous.nextClearBit(start) >= end;
  }

  /** Shared, not to be changed. */
  byte[] bases() {
    return bases;
  }
}
