package io.nfspawn.bams3.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws the variants of one person: two transitions to a transversion, indels short and with a
 * liking for repeats. None touches another.
 */
final class VariantModel {
  /** Fragments begin and end here, so coverage falls off. */
  private static final int EDGE_BP = 400;

  /** Far below the distance to a contig's end, so that no shifted read leaves it. */
  static final int LONGEST_INDEL_BP = 60;

  private static final int MIDDLE_INDEL_BP = 30;
  private static final double LONG_SHARE = 0.02;
  private static final double MIDDLE_SHARE = 0.08;
  private static final double TRANSITION_SHARE = 0.68;
  private static final double SLIPPAGE_SHARE = 0.3;
  private static final int SLIPPAGE_SEARCH_BP = 400;
  private static final int LEAST_RUN_BP = 5;

  private final Rates rates;
  private final RandomStream random;

  /**
   * @param spacing from one variant to the next
   * @param indelShare share of insertions and deletions
   * @param homShare share of those that both copies have
   * @param furtherShare of indels, except slips of a run, that go on for one base more
   * @param longIndels whether some of them are longer than what one read's gap may be
   */
  record Rates(
      VariantSpacing spacing,
      double indelShare,
      double homShare,
      double furtherShare,
      boolean longIndels) {}

  VariantModel(Rates rates, long seed) {
    this.rates = rates;
    random = RandomStream.of(seed, "variants");
  }

  /** In order of position, none touching another. */
  List<Variant> draw(ReferenceContig contig) {
    List<Variant> variants = new ArrayList<>();
    int last = contig.sequencedEnd() - EDGE_BP;
    int free = contig.sequencedStart() + EDGE_BP;
    int at = rates.spacing().next(free, free, random);
    while (at < last) {
      if (random.chance(rates.indelShare())) {
        IndelPlacement indel = drawIndel(contig, at);
        if (indel.anchor() >= free && indel.freeEnd() < last) {
          variants.add(withGenotype(contig, indel));
          free = indel.freeEnd() + rates.spacing().leastBp();
        }
      } else {
        variants.add(drawSnv(contig, at));
        free = at + rates.spacing().leastBp();
      }
      at = rates.spacing().next(at, free, random);
    }
    return variants;
  }

  private Variant drawSnv(ReferenceContig contig, int at) {
    byte base = contig.baseAt(at);
    byte alternate =
        random.chance(TRANSITION_SHARE)
            ? Nucleotide.transition(base)
            : Nucleotide.of(Nucleotide.code(base) ^ (random.chance(0.5) ? 1 : 3));
    boolean hom = random.chance(rates.homShare());
    boolean first = random.chance(0.5);
    return new Variant(
        at, Character.toString(base), Character.toString(alternate), hom || first, hom || !first);
  }

  private Variant withGenotype(ReferenceContig contig, IndelPlacement indel) {
    boolean hom = random.chance(rates.homShare());
    boolean first = random.chance(0.5);
    return indel.toVariant(contig, hom || first, hom || !first);
  }

  private IndelPlacement drawIndel(ReferenceContig contig, int at) {
    boolean insertion = random.chance(0.45);
    int anchor = random.chance(SLIPPAGE_SHARE) ? beforeRun(contig, at) : at;
    int lengthBp = anchor == at ? drawLengthBp() : 1;
    if (!insertion) {
      return IndelPlacement.leftmostDeletion(contig, anchor, lengthBp);
    }
    boolean tandem = anchor != at || random.chance(0.4);
    StringBuilder sequence = new StringBuilder();
    for (int i = 0; i < lengthBp; i++) {
      sequence.append((char) (tandem ? contig.baseAt(anchor + 1 + i) : Nucleotide.random(random)));
    }
    return IndelPlacement.leftmostInsertion(contig, anchor, sequence.toString());
  }

  private int drawLengthBp() {
    double draw = rates.longIndels() ? random.nextDouble() : 1;
    if (draw < LONG_SHARE) {
      return random.between(MIDDLE_INDEL_BP, LONGEST_INDEL_BP);
    }
    return draw < LONG_SHARE + MIDDLE_SHARE
        ? random.between(5, MIDDLE_INDEL_BP)
        : random.nextGeometric(rates.furtherShare(), 8);
  }

  /** The base before the next homopolymer, or the position itself when there is none near. */
  private static int beforeRun(ReferenceContig contig, int at) {
    int runBp = 1;
    for (int i = at + 1; i < Math.min(at + SLIPPAGE_SEARCH_BP, contig.sequencedEnd()); i++) {
      runBp = contig.baseAt(i) == contig.baseAt(i - 1) ? runBp + 1 : 1;
      if (runBp == LEAST_RUN_BP) {
        return i - LEAST_RUN_BP;
      }
    }
    return at;
  }
}
