package io.nfspawn.bams3.simulate;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Makes reads that only their mates lead to their place: of sequence that the reference lacks, with
 * gaps, which all reads of one place share, and many differences; or bad ones, which seem to have
 * gaps of their own. Immutable.
 */
final class RescuedReads {
  /**
   * Of one read.
   *
   * @param clippedBp how much of one end is not like the reference, in steps of four
   */
  record Differences(int gaps, int mismatches, int clippedBp) {}

  /** Reads of one place that have its gap and not one of their own. */
  private static final double SHARED = 0.95;

  private static final int LEAST_END_BP = 8;
  private static final int CLIP_STEP_BP = 4;

  /** What a place's reads share, beside its gaps by their numbers. */
  private static final int CLIPPED_END = 99;

  private static final int NUMBERS = 98;
  private static final int FIRST_MISMATCH = 100;
  private static final int MISMATCHES = 100;

  private final Map<Landscape.Rescue, WeightedChoice<Differences>> differences =
      new EnumMap<>(Landscape.Rescue.class);

  /** Bases, above 0 inserted, below deleted. */
  private final WeightedChoice<Integer> gaps;

  private RescuedReads(Builder from) {
    from.differences.forEach((why, counted) -> differences.put(why, counted.build()));
    gaps = from.gaps.build();
  }

  /**
   * Changes a read and the places of its bases on the reference.
   *
   * @param stretch where it begins, which decides where the shared gap is
   * @return what it was to have; mismatches of bad reads are left to their qualities
   */
  Differences change(
      Landscape.Rescue why,
      LandscapeMap.Place stretch,
      ReferenceContig contig,
      byte[] bases,
      int[] places,
      RandomStream random) {
    boolean alike = why == Landscape.Rescue.DIVERGED;
    boolean asOthers = alike && random.chance(SHARED);
    Differences drawn =
        Objects.requireNonNull(differences.get(why), why.name())
            .draw(asOthers ? stretch.draws(NUMBERS) : random);
    for (int i = 0; i < drawn.gaps(); i++) {
      RandomStream shared = stretch.draws(i);
      boolean own = !alike || !random.chance(SHARED);
      int gap = gaps.draw(own ? random : shared);
      int at = stretch.startBp() + shared.nextInt(LandscapeMap.STRETCH_BP) - places[0];
      if (own || at < LEAST_END_BP || at >= bases.length - LEAST_END_BP) {
        at = LEAST_END_BP + random.nextInt(bases.length - 2 * LEAST_END_BP);
      }
      put(contig, gap, at, bases, places, random);
    }
    for (int i = 0; alike && i < drawn.mismatches(); i++) {
      RandomStream shared = stretch.draws(FIRST_MISMATCH + i % MISMATCHES);
      boolean own = !asOthers || !random.chance(SHARED);
      int place = stretch.startBp() + shared.nextInt(LandscapeMap.STRETCH_BP);
      // An inserted base before it may hide it: then this one is the read's own.
      int at = own ? -1 : Arrays.binarySearch(places, place);
      RandomStream draws = at < 0 ? random : shared;
      at = at < 0 ? random.nextInt(bases.length) : at;
      bases[at] = Nucleotide.other(bases[at], draws.nextInt(3));
    }
    if (drawn.clippedBp() > 0) {
      boolean left = (alike ? stretch.draws(CLIPPED_END) : random).chance(0.5);
      replaceEnd(bases, left, drawn.clippedBp() + random.nextInt(CLIP_STEP_BP), random);
    }
    return drawn;
  }

  /** As of a molecule that goes on elsewhere. */
  static void replaceEnd(byte[] bases, boolean left, int lengthBp, RandomStream random) {
    int from = left ? 0 : bases.length - lengthBp;
    for (int i = from; i < from + lengthBp; i++) {
      bases[i] = Nucleotide.random(random);
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
        boolean alike = bases[i] == contig.baseAt(Math.max(places[i], ~places[i]));
        places[i] = places[i] < 0 ? places[i] + bp : places[i] - bp;
        bases[i] = alike ? contig.baseAt(Math.max(places[i], ~places[i])) : bases[i];
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

  /** Takes the lines of the fitted model. */
  static final class Builder {
    private final Map<Landscape.Rescue, WeightedChoice.Builder<Differences>> differences =
        new EnumMap<>(Landscape.Rescue.class);
    private final WeightedChoice.Builder<Integer> gaps = new WeightedChoice.Builder<>();

    void add(Landscape.Rescue why, Differences those, int count) {
      differences.computeIfAbsent(why, key -> new WeightedChoice.Builder<>()).add(those, count);
    }

    /**
     * @param bp above 0 inserted, below deleted
     */
    void addGap(int bp, int count) {
      gaps.add(bp, count);
    }

    RescuedReads build() {
      return new RescuedReads(this);
    }
  }
}
