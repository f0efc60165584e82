package io.nfspawn.bams3;

/**
 * One entry of the sequence dictionary.
 *
 * @param index place in the dictionary, from 0; records refer to it
 * @param name as the header spells it; may contain {@code :}, {@code /} or {@code *}
 * @param lengthBp length in bases
 */
public record Contig(int index, String name, int lengthBp) {

  /** The whole contig. */
  public Interval interval() {
    return new Interval(index, 0, lengthBp);
  }
}
