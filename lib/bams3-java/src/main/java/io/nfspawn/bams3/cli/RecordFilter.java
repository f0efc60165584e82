package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.RecordView;
import org.jspecify.annotations.Nullable;

/**
 * What {@code -f -F -q -L} let through.
 *
 * @param required flag bits that must all be set
 * @param excluded flag bits of which none may be set
 * @param minMapq least mapping quality
 * @param bases that a record must overlap; null for any
 */
record RecordFilter(int required, int excluded, int minMapq, @Nullable IntervalSet bases) {

  boolean accepts(RecordView record) {
    int flag = record.flag();
    return (flag & required) == required
        && (flag & excluded) == 0
        && record.mapq() >= minMapq
        && (bases == null || bases.overlaps(record));
  }
}
