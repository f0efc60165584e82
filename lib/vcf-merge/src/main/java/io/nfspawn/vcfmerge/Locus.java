package io.nfspawn.vcfmerge;

/**
 * Where a record stands.
 *
 * @param pos as in column POS, 1-based
 */
record Locus(String contig, long pos) {
  @Override
  public String toString() {
    return contig + ":" + pos;
  }
}
