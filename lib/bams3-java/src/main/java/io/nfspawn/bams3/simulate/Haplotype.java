package io.nfspawn.bams3.simulate;

import java.util.List;

/** One copy of a contig with its variants, and where each of its bases lies on the reference. */
final class Haplotype {
  private final ReferenceContig contig;
  private final byte[] bases;

  /** Reference position of each base; for an inserted base the complement (~) of its anchor's. */
  private final int[] referenceOf;

  private final Slippage slippage;

  private Haplotype(ReferenceContig contig, byte[] bases, int[] referenceOf, double slipRate) {
    this.contig = contig;
    this.bases = bases;
    this.referenceOf = referenceOf;
    slippage = new Slippage(bases, slipRate);
  }

  /** {@code variants} in order and apart from each other; those on other haplotypes are skipped. */
  static Haplotype of(
      ReferenceContig contig, List<Variant> variants, int haplotype, double slipRate) {
    List<Variant> own = variants.stream().filter(v -> v.isOn(haplotype)).toList();
    int lengthBp = contig.lengthBp();
    for (Variant v : own) {
      lengthBp += v.alternate().length() - v.reference().length();
    }
    byte[] bases = new byte[lengthBp];
    int[] referenceOf = new int[lengthBp];
    int filled = 0;
    int position = 0;
    for (Variant v : own) {
      filled = copyReference(contig, position, v.position(), bases, referenceOf, filled);
      filled = apply(v, bases, referenceOf, filled);
      position = v.end();
    }
    copyReference(contig, position, contig.lengthBp(), bases, referenceOf, filled);
    return new Haplotype(contig, bases, referenceOf, slipRate);
  }

  private static int copyReference(
      ReferenceContig contig, int from, int to, byte[] bases, int[] referenceOf, int filled) {
    System.arraycopy(contig.bases(), from, bases, filled, to - from);
    for (int i = 0; i < to - from; i++) {
      referenceOf[filled + i] = from + i;
    }
    return filled + to - from;
  }

  private static int apply(Variant variant, byte[] bases, int[] referenceOf, int filled) {
    String alternate = variant.alternate();
    for (int i = 0; i < alternate.length(); i++) {
      bases[filled + i] = (byte) alternate.charAt(i);
      referenceOf[filled + i] = i == 0 ? variant.position() : ~variant.position();
    }
    return filled + alternate.length();
  }

  ReferenceContig contig() {
    return contig;
  }

  int lengthBp() {
    return bases.length;
  }

  /** Offset of the first base at or after a reference position. */
  int offsetOf(int position) {
    int low = 0;
    int high = bases.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int there = referenceOf[middle];
      if (there < 0 ? ~there < position : there < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Copies {@code toBases.length} bases from an offset, as a polymerase would, and their places.
   */
  void copy(int offset, byte[] toBases, int[] toReference, RandomStream random) {
    int slip = slippage.drawPlace(offset, toBases.length, random);
    if (slip < 0 || !isPlain(offset + slip)) {
      copy(offset, toBases, toReference, 0, toBases.length);
      return;
    }
    copy(offset, toBases, toReference, 0, slip);
    if (Slippage.drawLoss(random)) {
      copy(offset + slip + 1, toBases, toReference, slip, toBases.length - slip);
      return;
    }
    toBases[slip] = bases[offset + slip];
    toReference[slip] = ~referenceOf[offset + slip - 1];
    copy(offset + slip, toBases, toReference, slip + 1, toBases.length - slip - 1);
  }

  private void copy(int offset, byte[] toBases, int[] toReference, int at, int lengthBp) {
    System.arraycopy(bases, offset, toBases, at, lengthBp);
    System.arraycopy(referenceOf, offset, toReference, at, lengthBp);
  }

  /** Whether no gap of the haplotype's own is here, with which a slip would get mixed up. */
  private boolean isPlain(int offset) {
    int before = referenceOf[offset - 1];
    return before >= 0 && referenceOf[offset] == before + 1;
  }
}
