package io.nfspawn.bams3.codec;

import java.util.Arrays;

/**
 * How a column of qualities is cut: into records, each with a class, and into four lanes. Both
 * sides step through a lane by runs of symbols that share a band and do not touch the end of a
 * record.
 */
public final class QualityLayout {
  static final int LANES = 4;
  static final int MAX_BANDS = 16;
  static final int MAX_CLASSES = 8;

  private int[] lengths = new int[1 << 11];
  private byte[] classes = new byte[1 << 11];
  private int records;
  private int symbols;

  public void clear() {
    records = 0;
    symbols = 0;
  }

  /** Adds a record of so many qualities, at least one. */
  public void add(int length) {
    if (records == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * records);
      classes = Arrays.copyOf(classes, 2 * records);
    }
    lengths[records] = length;
    classes[records++] = 0;
    symbols += length;
  }

  public void setClass(int record, int readClass) {
    classes[record] = (byte) readClass;
  }

  public int records() {
    return records;
  }

  /** Number of all qualities. */
  public int symbols() {
    return symbols;
  }

  int length(int record) {
    return lengths[record];
  }

  int readClass(int record) {
    return classes[record];
  }

  int longest() {
    int longest = 0;
    for (int i = 0; i < records; i++) {
      longest = Math.max(longest, lengths[i]);
    }
    return longest;
  }

  /** Where a lane starts; that of {@link #LANES} is the end. */
  int laneStart(int lane) {
    int run = (int) (((long) symbols + LANES - 1) / LANES);
    return (int) Math.min(symbols, (long) lane * run);
  }
}
