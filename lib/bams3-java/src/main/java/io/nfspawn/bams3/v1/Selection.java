package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.RecordView;

/**
 * Which records a query wants.
 *
 * @param everything all records in file order
 * @param unplaced whether the unplaced ones are wanted
 * @param bases those whose records are wanted
 */
record Selection(boolean everything, boolean unplaced, IntervalSet bases) {

  /** Whether any record between two positions of a contig could be wanted. */
  boolean mayTouch(int contig, int minStart0, int maxEnd0) {
    if (everything) {
      return true;
    }
    return contig < 0 ? unplaced : bases.overlaps(contig, minStart0, maxEnd0);
  }

  boolean wants(RecordView record) {
    if (everything) {
      return true;
    }
    return record.contigIndex() < 0 ? unplaced : bases.overlaps(record);
  }
}
