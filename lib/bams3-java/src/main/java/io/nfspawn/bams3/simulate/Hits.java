package io.nfspawn.bams3.simulate;

/**
 * How many places of the genome a read fits.
 *
 * @param best number of best hits (tag X0)
 * @param lesser number of lesser hits (tag X1)
 * @param listed how many others tag XA lists
 * @param moved whether the mate decided for another than the best
 * @param family reads of one family mostly fit the same other places
 * @param own whether these are on the read's own contig
 */
record Hits(int best, int lesser, int listed, boolean moved, int family, boolean own) {
  /** Of a read that fits nowhere else. */
  static final Hits ONE = new Hits(1, 0, 0, false, -1, false);

  /** Of a read of a pair of which one was rescued. */
  static Hits beside(MappingTags tags) {
    return new Hits(tags.best(), tags.lesser(), Math.max(1, tags.lesser()), false, -1, false);
  }
}
