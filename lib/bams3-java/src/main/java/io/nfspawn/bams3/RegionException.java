package io.nfspawn.bams3;

/** A region that cannot be understood or names no contig of the dataset. */
public final class RegionException extends Bams3Exception {
  private static final long serialVersionUID = 1L;

  private final String region;

  public RegionException(String region, String message) {
    super(message);
    this.region = region;
  }

  /** The region as it was typed. */
  public String region() {
    return region;
  }
}
