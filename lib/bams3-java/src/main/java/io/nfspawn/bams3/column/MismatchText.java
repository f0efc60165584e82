package io.nfspawn.bams3.column;

import java.util.Arrays;

/** The value of the tag MD as it follows from CIGAR, differences and reference. */
final class MismatchText {
  private final PageTable table;
  private final EmbeddedReference reference;
  private final Differences differences;
  private byte[] text = new byte[1 << 10];
  private int length;

  MismatchText(PageTable table, EmbeddedReference reference, Differences differences) {
    this.table = table;
    this.reference = reference;
    this.differences = differences;
  }

  /** Valid up to {@link #length()} until the next {@link #compose}. */
  byte[] text() {
    return text;
  }

  int length() {
    return length;
  }

  /** Composes the text of a record of mode 0, with its NUL. */
  void compose(int record) {
    length = 0;
    int difference = table.diffStart[record];
    int lastDifference = table.diffStart[record + 1];
    int pos = table.pos[record];
    int runStart = 0;
    int count = 0;
    for (int i = table.opStart[record]; i < table.opStart[record + 1]; i++) {
      int code = table.ops[i] & 0xf;
      int size = table.ops[i] >>> 4;
      if (((PageTable.ALIGNED >> code) & 1) != 0) {
        int from = runStart;
        while (difference < lastDifference && differences.aligned[difference] < runStart + size) {
          int aligned = differences.aligned[difference];
          putNumber(count + aligned - from);
          put(Nibbles.LETTERS[differences.referenceNibble[difference++]]);
          count = 0;
          from = aligned + 1;
        }
        runStart += size;
        count += runStart - from;
      } else if (code == PageTable.DELETION) {
        putNumber(count);
        count = 0;
        putDeletion(pos, size);
      }
      pos += ((PageTable.REFERENCE >> code) & 1) * size;
    }
    putNumber(count);
    put(0);
  }

  private void putDeletion(int pos, int size) {
    put('^');
    int index = size == 0 ? 0 : reference.indexOf(pos, (long) pos + size);
    for (int k = 0; k < size; k++) {
      put(Nibbles.LETTERS[reference.nibbles()[index + k]]);
    }
  }

  private void putNumber(int number) {
    if (number >= 10) {
      putNumber(number / 10);
    }
    put('0' + number % 10);
  }

  private void put(int letter) {
    if (length == text.length) {
      text = Arrays.copyOf(text, 2 * length);
    }
    text[length++] = (byte) letter;
  }
}
