package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.Interval;
import org.jspecify.annotations.Nullable;

/**
 * Which chunk a record belongs to.
 *
 * @param contig contig index, {@link ChunkInfo#UNPLACED} or {@link ChunkInfo#ANY_CONTIG}
 * @param window window on the contig, 0 when there is none
 * @param part ordinal among the chunks of the window or series
 */
record ChunkName(int contig, int window, int part) {

  String key() {
    return switch (contig) {
      case ChunkInfo.UNPLACED -> "data/unplaced/" + part + ".b3c";
      case ChunkInfo.ANY_CONTIG -> "data/unsorted/" + part + ".b3c";
      default -> "data/" + contig + "/" + window + "-" + part + ".b3c";
    };
  }

  /** As a record's own, which is linked at run time, 10 ms of a short command. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChunkName name
        && name.contig == contig
        && name.window == window
        && name.part == part;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * contig + window) + part;
  }

  @Nullable Interval interval(int spanBp) {
    if (contig < 0) {
      return null;
    }
    long start = (long) window * spanBp;
    return new Interval(contig, (int) start, (int) Math.min(Integer.MAX_VALUE, start + spanBp));
  }
}
