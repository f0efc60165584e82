package io.nfspawn.bams3.v1;

/** Least start, greatest end and greatest span of a chunk's records. */
final class ChunkExtent {
  private int minStart0 = Integer.MAX_VALUE;
  private int maxEnd0;
  private int maxSpanBp;

  void add(PageRow row) {
    minStart0 = Math.min(minStart0, row.minStart0());
    maxEnd0 = Math.max(maxEnd0, row.farthestEnd0());
    maxSpanBp = Math.max(maxSpanBp, row.maxSpanBp());
  }

  int minStart0() {
    return minStart0 == Integer.MAX_VALUE ? 0 : minStart0;
  }

  int maxEnd0() {
    return maxEnd0;
  }

  int maxSpanBp() {
    return maxSpanBp;
  }
}
