package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMRecord;

/** The two records of one cluster. */
record ReadPair(Cluster cluster, SAMRecord first, SAMRecord second) {
  private static final int LEAST_COUNTED_QUALITY = 15;

  boolean isPlaced() {
    return !first.getReadUnmappedFlag() || !second.getReadUnmappedFlag();
  }

  boolean isAligned() {
    return !first.getReadUnmappedFlag() && !second.getReadUnmappedFlag();
  }

  void markDuplicate() {
    first.setDuplicateReadFlag(true);
    second.setDuplicateReadFlag(true);
  }

  /** Of copies of one molecule the one with the greatest sum stays unmarked, as in Picard. */
  int qualitySum() {
    return qualitySum(first) + qualitySum(second);
  }

  private static int qualitySum(SAMRecord read) {
    int sum = 0;
    for (byte quality : read.getBaseQualities()) {
      sum += quality >= LEAST_COUNTED_QUALITY ? quality : 0;
    }
    return sum;
  }
}
