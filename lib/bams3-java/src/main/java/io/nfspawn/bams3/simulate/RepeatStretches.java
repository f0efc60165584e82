package io.nfspawn.bams3.simulate;

/** Stretches of the genome where many reads have more than one hit. */
final class RepeatStretches {
  private static final int STRETCH_BP = 300;
  private static final double SHARE_INSIDE = 0.75;

  private final double stretchShare;
  private final RandomStream random;

  /**
   * @param share of all fragments that have more than one hit
   */
  RepeatStretches(double share, RandomStream random) {
    stretchShare = share / SHARE_INSIDE;
    this.random = random;
  }

  /** Whether this fragment has; those of one stretch often agree. */
  boolean contains(Fragment fragment) {
    String contig = fragment.haplotype().contig().name();
    return RandomStream.of(fragment.offset() / STRETCH_BP, contig).chance(stretchShare)
        && random.chance(SHARE_INSIDE);
  }
}
