package io.nfspawn.bams3.simulate;

import java.util.List;

/** One copy of a contig with its variants, and where each of its bases lies on the reference. */
final class Haplotype {
  private final ReferenceContig contig;
  private final byte[] bases;

  /** Reference position of each base; for an inserted base the complement (~) of its anchor's. */
  private final int[] referenceOf;

  private Haplotype(ReferenceContig contig, byte[] bases, int[] referenceOf) {
    this.contig = contig;
    this.bases = bases;
    this.referenceOf = referenceOf;
  }

  /** {@code variants} in order and apart from each other; those on other haplotypes are skipped. */
  static Haplotype of(ReferenceContig contig, List<Variant> variants, int haplotype) {
    List<Variant> own = variants.stream().filter(v -> v.isOn(haplotype)).toList();
    int lengthBp = contig.lengthBp();
    for (Variant v : own) {
      lengthBp += v.alternate().length() - v.reference().length();
    }
    Haplotype result = new Haplotype(contig, new byte[lengthBp], new int[lengthBp]);
    int filled = 0;
    int position = 0;
    for (Variant v : own) {
      filled = result.copyReference(position, v.position(), filled);
      filled = result.apply(v, filled);
      position = v.end();
    }
    result.copyReference(position, contig.lengthBp(), filled);
    return result;
  }

  private int copyReference(int from, int to, int filled) {
    System.arraycopy(contig.bases(), from, bases, filled, to - from);
    for (int i = 0; i < to - from; i++) {
      referenceOf[filled + i] = from + i;
    }
    return filled + to - from;
  }

  private int apply(Variant variant, int filled) {
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

  /** Copies {@code bases.length} bases from an offset, and where they lie. */
  void copy(int offset, byte[] toBases, int[] toReference) {
    System.arraycopy(bases, offset, toBases, 0, toBases.length);
    System.arraycopy(referenceOf, offset, toReference, 0, toBases.length);
  }
}
