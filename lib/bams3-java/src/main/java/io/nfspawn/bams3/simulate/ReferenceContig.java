package io.nfspawn.bams3.simulate;

/** One contig of the reference: upper-case A C G T, with N at both ends as real assemblies have. */
final class ReferenceContig {
  private final String name;
  private final byte[] bases;
  private final int marginBp;

  /** Takes ownership of the bases; {@code marginBp} is the length of each run of N. */
  ReferenceContig(String name, byte[] bases, int marginBp) {
    this.name = name;
    this.bases = bases;
    this.marginBp = marginBp;
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

  /** Shared, not to be changed. */
  byte[] bases() {
    return bases;
  }
}
