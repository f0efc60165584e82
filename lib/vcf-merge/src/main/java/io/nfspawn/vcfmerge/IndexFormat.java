package io.nfspawn.vcfmerge;

import java.util.List;
import java.util.Optional;

/** Index formats that htslib reads beside a {@code .vcf.gz}. */
public enum IndexFormat {
  TBI(".tbi"),
  CSI(".csi");

  /** TBI's five levels of bins over 16 Kb windows end here: 512 Mbp. */
  public static final long TBI_MAX_LENGTH = 1L << 29;

  private final String suffix;

  IndexFormat(String suffix) {
    this.suffix = suffix;
  }

  /** Appended to the VCF's file name, dot included. */
  public String suffix() {
    return suffix;
  }

  /** TBI, unless a contig is too long for it. */
  public static IndexFormat forContigs(List<Contig> contigs) {
    return tooLongForTbi(contigs).isPresent() ? CSI : TBI;
  }

  static Optional<Contig> tooLongForTbi(List<Contig> contigs) {
    return contigs.stream().filter(c -> c.length() > TBI_MAX_LENGTH).findFirst();
  }
}
