package io.nfspawn.bams3.simulate;

/** Reads fragments from both ends: bases with errors, qualities, alignments, tags. */
interface PairSequencer {
  /** Both reads of a fragment. */
  ReadPair sequence(Fragment fragment, Cluster cluster);

  /** A pair of which neither read is like the reference. */
  ReadPair sequenceJunk(Cluster cluster);
}
