package io.nfspawn.vcfmerge;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Flyweight over one record line: the parts that order and index need. Start and end follow htslib
 * 1.16's {@code tbx_parse1}: end is POS + length of REF, or INFO/END when that is beyond POS;
 * symbolic alleles count by END alone. Reused for every line, one thread.
 */
final class VcfRecord {
  private static final byte[] END_KEY = {'E', 'N', 'D', '='};

  private byte[] line = {};
  private int contigFrom;
  private int contigTo;
  private int columns;
  private long pos;
  private long start;
  private long end;

  /**
   * @return null when the line is well-formed, else what is wrong with it
   */
  @Nullable String parse(byte[] buffer, int from, int to) {
    line = buffer;
    contigFrom = from;
    contigTo = endOfColumn(from, to);
    int refFrom = parsePosition(contigTo + 1, to);
    if (refFrom < 0) {
      return "POS is not a number of at most 18 digits";
    }
    refFrom = endOfColumn(refFrom, to) + 1;
    int refTo = endOfColumn(refFrom, to);
    start = Math.max(0, pos - 1);
    end = Math.max(start + 1, start + refTo - refFrom);
    int infoFrom = refTo;
    for (int skipped = 0; skipped < 3; skipped++) {
      infoFrom = endOfColumn(infoFrom + 1, to);
    }
    int infoTo = endOfColumn(infoFrom + 1, to);
    useEndKey(infoFrom + 1, infoTo);
    columns = infoFrom >= to ? 7 : 8;
    for (int i = infoTo; i < to; i++) {
      if (line[i] == '\t') {
        columns++;
      }
    }
    return columns < 8 ? "has fewer than 8 columns" : null;
  }

  private int endOfColumn(int from, int to) {
    int i = from;
    while (i < to && line[i] != '\t') {
      i++;
    }
    return Math.min(i, to);
  }

  /** Index after the column's tab, or -1. */
  private int parsePosition(int from, int to) {
    long value = 0;
    int i = from;
    while (i < to && line[i] >= '0' && line[i] <= '9') {
      value = value * 10 + line[i++] - '0';
    }
    pos = value;
    return i == from || i - from > 18 || i >= to || line[i] != '\t' ? -1 : i + 1;
  }

  /** The key at the very start counts, else the first one after a semicolon. */
  private void useEndKey(int from, int to) {
    for (int i = from; i + 4 <= to; i++) {
      boolean keyStart = i == from || line[i - 1] == ';';
      if (keyStart && line[i] == 'E' && Arrays.equals(line, i, i + 4, END_KEY, 0, 4)) {
        long value = 0;
        for (int d = i + 4; d < to && line[d] >= '0' && line[d] <= '9'; d++) {
          value = value * 10 + line[d] - '0';
        }
        if (value > start) {
          end = value;
        }
        return;
      }
    }
  }

  /** Whether this record is on the contig with that name, given as bytes. */
  boolean isOn(byte[] contig) {
    return Arrays.equals(line, contigFrom, contigTo, contig, 0, contig.length);
  }

  byte[] contigBytes() {
    return Arrays.copyOfRange(line, contigFrom, contigTo);
  }

  /** As written, 1-based; 0 = before the first base. */
  long pos() {
    return pos;
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  int columns() {
    return columns;
  }
}
