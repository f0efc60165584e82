package io.nfspawn.bams3.codec;

import java.util.Arrays;

/**
 * How a column of qualities is cut: into records, each with a class, and into four lanes of whole
 * records. The symbols of a lane are in the order of bands and, within one, of records, so that the
 * tables of one band serve for long.
 */
public final class QualityLayout {
  static final int LANES = 4;
  static final int MAX_BANDS = 16;
  static final int MAX_CLASSES = 8;

  /** Where each record starts; that of the record after the last is the end. */
  private int[] starts = new int[(1 << 11) + 1];

  private byte[] classes = new byte[1 << 11];
  private int records;

  public void clear() {
    records = 0;
  }

  /** Adds a record of so many qualities, at least one. */
  public void add(int length) {
    if (records == classes.length) {
      starts = Arrays.copyOf(starts, 2 * records + 1);
      classes = Arrays.copyOf(classes, 2 * records);
    }
    classes[records++] = 0;
    starts[records] = starts[records - 1] + length;
  }

  public void setClass(int record, int readClass) {
    classes[record] = (byte) readClass;
  }

  public int records() {
    return records;
  }

  /** Number of all qualities. */
  public int symbols() {
    return starts[records];
  }

  int start(int record) {
    return starts[record];
  }

  int length(int record) {
    return starts[record + 1] - starts[record];
  }

  int readClass(int record) {
    return classes[record];
  }

  int longest() {
    int longest = 0;
    for (int i = 0; i < records; i++) {
      longest = Math.max(longest, length(i));
    }
    return longest;
  }

  /** The first record of a lane; that of {@link #LANES} is the end. */
  int firstRecord(int lane) {
    return Math.min(records, lane * ((records + LANES - 1) / LANES));
  }
}
