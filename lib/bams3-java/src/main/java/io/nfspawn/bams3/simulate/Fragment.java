package io.nfspawn.bams3.simulate;

/**
 * A piece of DNA that is read from both ends.
 *
 * @param haplotype where it comes from
 * @param offset of its first base on the haplotype
 * @param lengthBp insert size
 * @param firstReverse whether the first read lies at its right end
 */
record Fragment(Haplotype haplotype, int offset, int lengthBp, boolean firstReverse) {}
