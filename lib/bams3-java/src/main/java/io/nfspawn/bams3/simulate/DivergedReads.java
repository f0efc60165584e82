package io.nfspawn.bams3.simulate;

/**
 * Makes reads of sequence that the reference lacks: with gaps, which all reads of one place share,
 * and many differences. Immutable.
 */
final class DivergedReads {
  /** Of one read. */
  record Differences(int gaps, int mismatches) {}

  /**
   * @param bp above 0 inserted, below deleted
   */
  record Gap(int bp) {}

  /** Reads of one place that have its gap and not one of their own. */
  private static final double SHARED = 0.7;

  private static final int LEAST_END_BP = 8;

  private final WeightedChoice<Differences> differences;
  private final WeightedChoice<Gap> gaps;

  DivergedReads(WeightedChoice<Differences> differences, WeightedChoice<Gap> gaps) {
    this.differences = differences;
    this.gaps = gaps;
  }

  /**
   * Changes a read and the places of its bases on the reference.
   *
   * @param stretch where it begins, which decides where the shared gap is
   */
  void diverge(
      LandscapeMap.Place stretch,
      ReferenceContig contig,
      byte[] bases,
      int[] places,
      RandomStream random) {
    Differences drawn = differences.draw(random);
    for (int i = 0; i < drawn.gaps(); i++) {
      RandomStream shared = stretch.draws(i);
      boolean own = !random.chance(SHARED);
      Gap gap = gaps.draw(own ? random : shared);
      int at = stretch.startBp() + shared.nextInt(LandscapeMap.STRETCH_BP) - places[0];
      if (own || at < LEAST_END_BP || at >= bases.length - LEAST_END_BP) {
        at = LEAST_END_BP + random.nextInt(bases.length - 2 * LEAST_END_BP);
      }
      put(contig, gap.bp(), at, bases, places, random);
    }
    for (int i = 0; i < drawn.mismatches(); i++) {
      int at = random.nextInt(bases.length);
      bases[at] = Nucleotide.other(bases[at], random.nextInt(3));
    }
  }

  /** Shifts the bases from {@code at} on; leaves reads alone whose places allow no such gap. */
  private static void put(
      ReferenceContig contig, int bp, int at, byte[] bases, int[] places, RandomStream random) {
    int last = bases.length - 1;
    boolean plain = places[at - 1] >= 0 && places[at] == places[at - 1] + 1 && places[last] >= 0;
    if (!plain || places[last] - bp >= contig.sequencedEnd()) {
      return;
    }
    if (bp < 0) {
      for (int i = at; i <= last; i++) {
        places[i] = places[i] < 0 ? places[i] + bp : places[i] - bp;
        bases[i] = contig.baseAt(places[i] < 0 ? ~places[i] : places[i]);
      }
      return;
    }
    int end = Math.min(bases.length, at + bp);
    System.arraycopy(bases, at, bases, end, bases.length - end);
    System.arraycopy(places, at, places, end, bases.length - end);
    for (int i = at; i < end; i++) {
      bases[i] = Nucleotide.random(random);
      places[i] = ~places[at - 1];
    }
  }
}
