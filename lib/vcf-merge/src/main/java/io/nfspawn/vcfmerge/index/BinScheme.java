package io.nfspawn.vcfmerge.index;

/**
 * The binning scheme of SAMv1 section 5.1.1 / CSIv1: bin 0 spans everything, each level below has
 * eight times as many bins, the lowest ones are windows of {@code 1 << minShift} bases.
 *
 * @param minShift log2 of the smallest window in bases
 * @param depth number of levels below bin 0
 */
record BinScheme(int minShift, int depth) {
  static final BinScheme TBI = new BinScheme(14, 5);

  /** htslib begins CSI indexes at the depth that covers 31 bits. */
  private static final int CSI_DEPTH = (31 - 14 + 2) / 3;

  /** htslib's guess for headers without contig lengths. */
  private static final long UNKNOWN_LENGTH = 100L << 30;

  /** htslib's allowance for features that reach beyond their contig. */
  private static final long MARGIN = 256;

  /** As {@code bcftools index -c} chooses it; 0 = no contig length known. */
  static BinScheme csiFor(long longestContig) {
    long needed = (longestContig == 0 ? UNKNOWN_LENGTH : longestContig) + MARGIN;
    int depth = CSI_DEPTH;
    while (needed > new BinScheme(14, depth).maxPosition()) {
      depth++;
    }
    return new BinScheme(14, depth);
  }

  static BinScheme csiWithoutRecords() {
    return new BinScheme(14, CSI_DEPTH);
  }

  /** End of the last base that has a bin. */
  long maxPosition() {
    return 1L << (minShift + 3 * depth);
  }

  int bins() {
    return first(depth + 1);
  }

  /** The pseudo-bin that holds file range and counts instead of chunks. */
  int metaBin() {
    return bins() + 1;
  }

  /** Number of the first bin of a level. */
  static int first(int level) {
    return (int) (((1L << (3 * level)) - 1) / 7);
  }

  static int parent(int bin) {
    return (bin - 1) >> 3;
  }

  /** Smallest bin that holds all of {@code [start, end)}. */
  int bin(long start, long end) {
    int shift = minShift;
    for (int level = depth; level > 0; level--, shift += 3) {
      if (start >> shift == (end - 1) >> shift) {
        return (int) (first(level) + (start >> shift));
      }
    }
    return 0;
  }

  /** Number of the lowest window at which a bin begins. */
  int firstWindow(int bin) {
    int level = 0;
    for (int b = bin; b > 0; b = parent(b)) {
      level++;
    }
    return (bin - first(level)) << ((depth - level) * 3);
  }
}
