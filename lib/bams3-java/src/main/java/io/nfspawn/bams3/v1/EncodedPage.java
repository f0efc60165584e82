package io.nfspawn.bams3.v1;

/** A page ready to be stored; its row lacks only the offset. */
final class EncodedPage {
  private final RawPage source;
  private final byte[] stored;
  private final PageRow row;
  private final Tally tally;

  EncodedPage(RawPage source, byte[] stored, PageRow row, Tally tally) {
    this.source = source;
    this.stored = stored;
    this.row = row;
    this.tally = tally;
  }

  /** Where the records came from, free again. */
  RawPage source() {
    return source;
  }

  byte[] stored() {
    return stored;
  }

  PageRow row() {
    return row;
  }

  Tally tally() {
    return tally;
  }
}
