package io.nfspawn.bams3.simulate;

/** Sequences fragments into the records of a BAM. */
interface ReadSource {
  void sequence(Fragment fragment, AlignmentFile bam);

  /** What is not like the reference at all. */
  void sequenceJunk(AlignmentFile bam);
}
