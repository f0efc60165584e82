package io.nfspawn.bams3.simulate;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Draws contigs that look like a genome to an aligner and a caller: GC content that drifts between
 * blocks, few CpG, homopolymers, microsatellites, an interspersed repeat family and duplicated
 * segments, most of them diverged, some still ambiguous to an aligner. Rates are near those of
 * human chromosomes.
 */
final class ReferenceModel {
  private static final int LARGEST_MARGIN_BP = 1_000;
  private static final int BLOCK_BP = 20_000;
  private static final double CPG_KEPT = 0.25;
  private static final double HOMOPOLYMER_RATE = 1 / 2_500.0;
  private static final double MICROSATELLITE_RATE = 1 / 8_000.0;
  private static final double INTERSPERSED_RATE = 1 / 6_000.0;
  private static final double DUPLICATION_RATE = 1 / 80_000.0;

  /** Shared by that many duplications: copies as near to each other as two people's genomes. */
  private static final double RECENT_SHARE = 0.5;

  private static final double RECENT_DIVERGENCE = 0.002;
  private static final double OLD_DIVERGENCE = 0.04;
  private static final double REPEAT_RATE =
      HOMOPOLYMER_RATE + MICROSATELLITE_RATE + INTERSPERSED_RATE + DUPLICATION_RATE;

  private final byte[] interspersed;
  private final RandomStream random;
  private BitSet ambiguous = new BitSet();

  ReferenceModel(long seed) {
    random = RandomStream.of(seed, "reference");
    interspersed = new byte[300];
    for (int i = 0; i < interspersed.length; i++) {
      interspersed[i] = drawBase(0.6);
    }
  }

  ReferenceContig draw(String name, int lengthBp) {
    int marginBp = Math.min(LARGEST_MARGIN_BP, lengthBp / 50);
    ambiguous = new BitSet(lengthBp);
    byte[] bases = new byte[lengthBp];
    Arrays.fill(bases, (byte) 'N');
    int end = lengthBp - marginBp;
    int at = marginBp;
    double gc = 0.41;
    int blockEnd = at;
    while (at < end) {
      if (at >= blockEnd) {
        gc = Math.max(0.34, Math.min(0.58, 0.43 + 0.05 * random.nextGaussian()));
        blockEnd = at + BLOCK_BP / 2 + random.nextInt(BLOCK_BP);
      }
      at =
          random.chance(REPEAT_RATE)
              ? drawRepeat(bases, marginBp, at, end)
              : drawSingle(bases, at, gc);
    }
    return new ReferenceContig(name, bases, marginBp, ambiguous);
  }

  private int drawSingle(byte[] bases, int at, double gc) {
    byte base = drawBase(gc);
    if (base == 'G' && bases[at - 1] == 'C' && !random.chance(CPG_KEPT)) {
      base = 'A';
    }
    bases[at] = base;
    return at + 1;
  }

  private byte drawBase(double gc) {
    boolean second = random.chance(0.5);
    if (random.chance(gc)) {
      return (byte) (second ? 'G' : 'C');
    }
    return (byte) (second ? 'T' : 'A');
  }

  private int drawRepeat(byte[] bases, int start, int at, int end) {
    double which = random.nextDouble() * REPEAT_RATE;
    if (which < HOMOPOLYMER_RATE) {
      return drawHomopolymer(bases, at, end);
    }
    if (which < HOMOPOLYMER_RATE + MICROSATELLITE_RATE) {
      return drawMicrosatellite(bases, at, end);
    }
    if (which < HOMOPOLYMER_RATE + MICROSATELLITE_RATE + INTERSPERSED_RATE) {
      return copyDiverged(interspersed, 0, interspersed.length, 0.12, bases, at, end);
    }
    return drawDuplication(bases, start, at, end);
  }

  private int drawDuplication(byte[] bases, int start, int at, int end) {
    int lengthBp = random.between(700, 2_200);
    if (at - start <= lengthBp) {
      return drawHomopolymer(bases, at, end);
    }
    int from = start + random.nextInt(at - start - lengthBp);
    if (!random.chance(RECENT_SHARE)) {
      return copyDiverged(bases, from, lengthBp, OLD_DIVERGENCE, bases, at, end);
    }
    int stop = copyDiverged(bases, from, lengthBp, RECENT_DIVERGENCE, bases, at, end);
    ambiguous.set(from, from + stop - at);
    ambiguous.set(at, stop);
    return stop;
  }

  private int drawHomopolymer(byte[] bases, int at, int end) {
    byte base = random.chance(0.9) ? drawBase(0) : drawBase(1);
    int stop = Math.min(end, at + 6 + random.nextGeometric(0.75, 9));
    Arrays.fill(bases, at, stop, base);
    return stop;
  }

  private int drawMicrosatellite(byte[] bases, int at, int end) {
    int unitBp = random.between(2, 4);
    int stop = Math.min(end, at + unitBp * random.between(5, 14));
    for (int i = at; i < stop; i++) {
      bases[i] = i < at + unitBp ? Nucleotide.random(random) : bases[i - unitBp];
    }
    return stop;
  }

  private int copyDiverged(
      byte[] source, int from, int lengthBp, double divergence, byte[] target, int at, int end) {
    int stop = Math.min(end, at + lengthBp);
    for (int i = at; i < stop; i++) {
      byte base = source[from + i - at];
      target[i] = random.chance(divergence) ? Nucleotide.other(base, random.nextInt(3)) : base;
    }
    return stop;
  }
}
