package io.nfspawn.bams3.simulate;

/**
 * An inserted or deleted sequence after an anchor base, at its leftmost equivalent place (Tan,
 * Abecasis and Kang 2015), with the stretch over which it could be shifted without a change of the
 * haplotype.
 *
 * @param anchor 0-based position of the base before the event
 * @param sequence inserted or deleted bases, rotated to the leftmost place
 * @param insertion true for an insertion, false for a deletion
 * @param freeEnd position after the last reference base that the event may touch when shifted right
 */
record IndelPlacement(int anchor, String sequence, boolean insertion, int freeEnd) {

  static IndelPlacement leftmostInsertion(ReferenceContig contig, int anchor, String inserted) {
    int at = anchor;
    StringBuilder sequence = new StringBuilder(inserted);
    int last = inserted.length() - 1;
    while (at > 0 && sequence.charAt(last) == contig.baseAt(at)) {
      sequence.insert(0, sequence.charAt(last)).setLength(inserted.length());
      at--;
    }
    int free = at + 1;
    while (free < contig.lengthBp()
        && contig.baseAt(free) == sequence.charAt((free - at - 1) % sequence.length())) {
      free++;
    }
    return new IndelPlacement(at, sequence.toString(), true, free);
  }

  static IndelPlacement leftmostDeletion(ReferenceContig contig, int anchor, int lengthBp) {
    int at = anchor;
    while (at > 0 && contig.baseAt(at) == contig.baseAt(at + lengthBp)) {
      at--;
    }
    int free = at + 1 + lengthBp;
    while (free < contig.lengthBp() && contig.baseAt(free) == contig.baseAt(free - lengthBp)) {
      free++;
    }
    StringBuilder sequence = new StringBuilder();
    for (int i = at + 1; i <= at + lengthBp; i++) {
      sequence.append((char) contig.baseAt(i));
    }
    return new IndelPlacement(at, sequence.toString(), false, free);
  }

  Variant toVariant(ReferenceContig contig, boolean onFirst, boolean onSecond) {
    String anchorBase = String.valueOf((char) contig.baseAt(anchor));
    String withSequence = anchorBase + sequence;
    return insertion
        ? new Variant(anchor, anchorBase, withSequence, onFirst, onSecond)
        : new Variant(anchor, withSequence, anchorBase, onFirst, onSecond);
  }
}
