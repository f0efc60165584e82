package io.nfspawn.vcfmerge;

/**
 * One entry of the sequence dictionary.
 *
 * @param name as written in column CHROM
 * @param length in bases; 0 when the header does not tell
 */
public record Contig(String name, long length) {
  public Contig {
    if (name.isEmpty() || length < 0) {
      throw new IllegalArgumentException("contig name='" + name + "' length=" + length);
    }
  }
}
