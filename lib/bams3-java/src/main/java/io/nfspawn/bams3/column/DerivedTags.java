package io.nfspawn.bams3.column;

import java.util.Arrays;

/** Values of tags as they follow from other fields, in the encoder as in the decoder. */
final class DerivedTags {
  private static final byte[] OPERATIONS = {'M', 'I', 'D', 'N', 'S', 'H', 'P', '=', 'X'};
  private static final int GOOD_QUALITY = 15;

  private final PageTable table;
  private final MismatchText mismatches;
  private byte[] text = new byte[1 << 8];
  private int length;

  /** All qualities of the page; each record's start, or -1 when absent. */
  private byte[] qualities = {};

  private int[] qualityStart = {};

  DerivedTags(PageTable table, EmbeddedReference reference, Differences differences) {
    this.table = table;
    this.mismatches = new MismatchText(table, reference, differences);
  }

  void useQualities(byte[] bytes, int[] starts) {
    qualities = bytes;
    qualityStart = starts;
  }

  /** Whether a value can be derived for a record. */
  boolean isPossible(TagKeys.Derived what, int record) {
    return switch (what) {
      case NOTHING -> false;
      case EDIT_DISTANCE, MISMATCHES -> table.mode[record] == 0;
      case MATE_CIGAR -> table.partner[record] >= 0 && hasPlainOperations(table.partner[record]);
      case MATE_MAPQ, MATE_SCORE -> table.partner[record] >= 0;
    };
  }

  private boolean hasPlainOperations(int record) {
    for (int i = table.opStart[record]; i < table.opStart[record + 1]; i++) {
      if ((table.ops[i] & 0xf) > PageTable.LAST_OPERATION) {
        return false;
      }
    }
    return true;
  }

  int number(TagKeys.Derived what, int record) {
    return switch (what) {
      case EDIT_DISTANCE -> editDistance(record);
      case MATE_MAPQ -> table.mapq[table.partner[record]];
      case MATE_SCORE -> score(table.partner[record]);
      case NOTHING, MISMATCHES, MATE_CIGAR ->
          throw new IllegalArgumentException(what + " is not a number");
    };
  }

  private int editDistance(int record) {
    int distance = table.diffStart[record + 1] - table.diffStart[record];
    for (int i = table.opStart[record]; i < table.opStart[record + 1]; i++) {
      int code = table.ops[i] & 0xf;
      if (code == PageTable.INSERTION || code == PageTable.DELETION) {
        distance += table.ops[i] >>> 4;
      }
    }
    return distance;
  }

  private int score(int record) {
    int sum = 0;
    int from = qualityStart[record];
    if (from >= 0) {
      for (int i = from; i < from + table.length[record]; i++) {
        int quality = qualities[i] & 0xff;
        sum += quality >= GOOD_QUALITY ? quality : 0;
      }
    }
    return sum;
  }

  /** Composes a text with its NUL; see {@link #text()}. */
  void compose(TagKeys.Derived what, int record) {
    if (what == TagKeys.Derived.MISMATCHES) {
      mismatches.compose(record);
      text = mismatches.text();
      length = mismatches.length();
      return;
    }
    length = 0;
    int partner = table.partner[record];
    reserve(11 * table.opCount(partner) + 2);
    for (int i = table.opStart[partner]; i < table.opStart[partner + 1]; i++) {
      putNumber(table.ops[i] >>> 4);
      text[length++] = OPERATIONS[table.ops[i] & 0xf];
    }
    if (length == 0) {
      text[length++] = '*';
    }
    text[length++] = 0;
  }

  byte[] text() {
    return text;
  }

  int length() {
    return length;
  }

  private void reserve(int count) {
    if (text.length < count) {
      text = Arrays.copyOf(text, count);
    }
  }

  private void putNumber(int number) {
    if (number >= 10) {
      putNumber(number / 10);
    }
    text[length++] = (byte) ('0' + number % 10);
  }
}
