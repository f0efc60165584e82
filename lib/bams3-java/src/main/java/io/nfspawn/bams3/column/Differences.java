package io.nfspawn.bams3.column;

import java.util.Arrays;

/**
 * Where the aligned bases of a page's records differ from the reference, record after record; both
 * sides have the list, so both can derive NM and MD from it.
 */
final class Differences {
  /** Number among the aligned bases of its record, from 0. */
  int[] aligned = new int[1 << 12];

  /** The reference's nibble there. */
  byte[] referenceNibble = new byte[1 << 12];

  int count;

  void clear() {
    count = 0;
  }

  void add(int alignedIndex, int nibble) {
    if (count == aligned.length) {
      aligned = Arrays.copyOf(aligned, 2 * count);
      referenceNibble = Arrays.copyOf(referenceNibble, 2 * count);
    }
    aligned[count] = alignedIndex;
    referenceNibble[count++] = (byte) nibble;
  }
}
