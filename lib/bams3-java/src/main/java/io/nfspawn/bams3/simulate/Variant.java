package io.nfspawn.bams3.simulate;

/**
 * One variant of the simulated person, left-aligned and parsimonious as VCF 4.2 wants it.
 *
 * @param position 0-based position of the first reference base
 * @param reference replaced bases; an indel begins with the base before it
 * @param alternate bases in their place
 * @param onFirst carried by the first haplotype
 * @param onSecond carried by the second haplotype
 */
record Variant(
    int position, String reference, String alternate, boolean onFirst, boolean onSecond) {

  Variant {
    if (!onFirst && !onSecond) {
      throw new IllegalArgumentException("position=" + position + ": carried by no haplotype");
    }
    if (reference.isEmpty() || alternate.isEmpty() || reference.equals(alternate)) {
      throw new IllegalArgumentException(
          "position=" + position + " reference=" + reference + " alternate=" + alternate);
    }
  }

  boolean isSnv() {
    return reference.length() == 1 && alternate.length() == 1;
  }

  boolean isOn(int haplotype) {
    return haplotype == 0 ? onFirst : onSecond;
  }

  /** Position after the last reference base. */
  int end() {
    return position + reference.length();
  }

  String genotype() {
    return (onFirst ? "1" : "0") + "|" + (onSecond ? "1" : "0");
  }
}
