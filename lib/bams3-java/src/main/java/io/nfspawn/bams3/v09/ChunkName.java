package io.nfspawn.bams3.v09;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.Interval;
import org.jspecify.annotations.Nullable;

/**
 * Which chunk a record belongs to.
 *
 * @param contig contig index, {@link ChunkInfo#UNPLACED} or {@link ChunkInfo#ANY_CONTIG}
 * @param number window on the contig, else the ordinal in its series
 */
record ChunkName(int contig, int number) {

  String key() {
    return switch (contig) {
      case ChunkInfo.UNPLACED -> "data/unplaced/" + number + ".b3c";
      case ChunkInfo.ANY_CONTIG -> "data/unsorted/" + number + ".b3c";
      default -> "data/" + contig + "/" + number + ".b3c";
    };
  }

  @Nullable Interval window(int spanBp) {
    if (contig < 0) {
      return null;
    }
    long start = (long) number * spanBp;
    return new Interval(contig, (int) start, (int) Math.min(Integer.MAX_VALUE, start + spanBp));
  }
}
