package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMRecord;

/**
 * Other places a read could have come from (tag XA): mostly those of its neighbours, shifted as it
 * is shifted. They lie all over the genome, of which the simulated contigs are a part as those of a
 * slice are.
 */
final class AlternativeHits {
  /**
   * How often they are what, each a probability.
   *
   * @param shared a place that most reads of the family fit
   * @param own on the read's own contig, of those that are not shared
   * @param gapped aligned with a gap
   */
  record Shares(double shared, double own, double gapped) {}

  /** A contig of the genome. */
  record Contig(String name, int lengthBp) {}

  /** On its own contig the other copy is mostly near. */
  private static final int NEAR_BP = 4_000;

  private static final int LEAST_END_BP = 5;

  private final Shares shares;
  private final WeightedChoice<Contig> contigs;
  private final WeightedChoice<Integer> differences;
  private final RandomStream random;

  AlternativeHits(FittedModel model, RandomStream random) {
    shares = model.elsewhere();
    contigs = model.contigs();
    differences = model.differencesElsewhere();
    this.random = random;
  }

  String draw(SAMRecord record, Hits hits, LandscapeMap.Place place) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < hits.listed(); i++) {
      boolean shared = random.chance(shares.shared());
      String copy = "family " + hits.family() + " copy " + i;
      RandomStream draws = shared ? RandomStream.of(place.block(), copy) : random;
      boolean own = shared ? hits.own() : random.chance(shares.own());
      append(text, record, place, own, draws);
    }
    return text.toString();
  }

  private void append(
      StringBuilder text,
      SAMRecord record,
      LandscapeMap.Place place,
      boolean own,
      RandomStream copy) {
    int start = record.getAlignmentStart();
    int intoBlock = place.intoBlockBp();
    boolean inverted = copy.chance(0.5);
    int shift = inverted ? -intoBlock : intoBlock;
    if (own) {
      int origin = start - intoBlock + copy.between(-NEAR_BP, NEAR_BP);
      begin(text, record.getReferenceName(), record, inverted, Math.abs(origin + shift) + 1);
    } else {
      Contig contig = contigs.draw(copy);
      int origin = LandscapeMap.BLOCK_BP + copy.nextInt(contig.lengthBp());
      begin(text, contig.name(), record, inverted, origin + shift);
    }
    int readBp = record.getReadLength();
    boolean gapped = copy.chance(shares.gapped());
    int gapAt = copy.nextInt(2 * readBp) - (intoBlock % readBp);
    if (gapped && gapAt >= LEAST_END_BP && gapAt < readBp - LEAST_END_BP) {
      text.append(gapAt).append("M1D").append(readBp - gapAt);
    } else {
      text.append(readBp);
    }
    text.append("M,").append(differences.draw(copy)).append(';');
  }

  private static void begin(
      StringBuilder text, String contig, SAMRecord record, boolean inverted, int position) {
    boolean reverse = record.getReadNegativeStrandFlag() != inverted;
    text.append(contig).append(reverse ? ",-" : ",+").append(position).append(',');
  }
}
