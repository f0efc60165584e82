package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.Interval;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums up covered stretches and prints a line for each base that has any, or that lies inside a
 * deletion or skip of a record: there samtools prints 0. Stretches come with their starts in order
 * but for what follows a skip; far ones wait in a map, so the window stays small.
 */
final class DepthText {
  private static final int WINDOW_BP = 1 << 20;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MAX_NUMBER_BYTES = 12;

  private final byte[] prefix;
  private final Interval interval;
  private final OutputStream out;
  private final byte[] buffer;
  private int filled;

  /** Contig and position of the line printed last. */
  private final byte[] line;

  private int lineBytes;

  /** That position, 1-based; 0 before the first line. */
  private int linePosition;

  /** Added to {@link #depth} by a stretch that a record spans, covered or not. */
  private static final long SPANNED = 1L << 32;

  /** Change of depth at a position, modulo the window. */
  private final long[] changes = new long[WINDOW_BP];

  /** Changes beyond the window. */
  private final TreeMap<Integer, Long> later = new TreeMap<>();

  /** First position not printed yet. */
  private int base;

  /** Low half: depth; high half: number of records with gaps that span the position. */
  private long depth;

  /** One past the last position with a change in the window. */
  private int lastChange;

  DepthText(String contig, Interval interval, OutputStream out) {
    this.prefix = (contig + "\t").getBytes(StandardCharsets.UTF_8);
    this.interval = interval;
    this.out = out;
    this.buffer = new byte[BUFFER_BYTES + prefix.length + 2 * MAX_NUMBER_BYTES];
    this.line = new byte[prefix.length + MAX_NUMBER_BYTES];
    this.base = interval.start0();
  }

  /** No stretch starts before this position any more, but for what follows a skip. */
  void advanceTo(int position) throws IOException {
    int end = Math.min(position, interval.end0());
    while (base < end) {
      if (base >= lastChange) {
        jump(end);
        continue;
      }
      int stop = (int) Math.min(Math.min(end, lastChange), (long) base + WINDOW_BP);
      print(stop);
      takeLater();
    }
  }

  /** Over a stretch without changes. */
  private void jump(int end) throws IOException {
    if (depth == 0) {
      int next = later.isEmpty() ? end : Math.min(end, Math.max(base, later.firstKey()));
      base = next;
    } else {
      print(Math.min(end, base + WINDOW_BP / 2));
    }
    takeLater();
  }

  /** Moves changes into the window that it reaches now. */
  private void takeLater() {
    while (!later.isEmpty() && later.firstKey() < (long) base + WINDOW_BP) {
      Map.Entry<Integer, Long> entry = later.pollFirstEntry();
      change(entry.getKey(), entry.getValue());
    }
  }

  /** A stretch of aligned bases. */
  void cover(int start0, int end0) {
    add(start0, end0, 1);
  }

  /** All that a record with gaps spans. */
  void span(int start0, int end0) {
    add(start0, end0, SPANNED);
  }

  private void add(int start0, int end0, long what) {
    int start = Math.max(start0, base);
    int end = Math.min(end0, interval.end0());
    if (start < end) {
      change(start, what);
      change(end, -what);
    }
  }

  private void change(int position, long by) {
    if (position - base >= WINDOW_BP) {
      later.merge(position, by, Long::sum);
    } else {
      changes[position & (WINDOW_BP - 1)] += by;
      lastChange = Math.max(lastChange, position + 1);
    }
  }

  private void print(int stop) throws IOException {
    for (; base < stop; base++) {
      int slot = base & (WINDOW_BP - 1);
      long change = changes[slot];
      if (change != 0) {
        depth += change;
        changes[slot] = 0;
      }
      if (depth > 0) {
        putLine();
      }
    }
  }

  /** Most lines differ from the one before in the position's last digits alone. */
  private void putLine() throws IOException {
    if (linePosition == 0 || base != linePosition || !increment()) {
      startLine();
    }
    linePosition = base + 1;
    System.arraycopy(line, 0, buffer, filled, lineBytes);
    filled += lineBytes;
    int number = (int) depth;
    if (number < 10) {
      buffer[filled++] = (byte) ('0' + number);
    } else {
      putNumber(number);
    }
    buffer[filled++] = '\n';
    if (filled >= BUFFER_BYTES) {
      flush();
    }
  }

  /** Adds one to the decimal position of the line; false when it needs another digit. */
  private boolean increment() {
    int at = lineBytes - 2;
    while (line[at] == '9') {
      line[at--] = '0';
    }
    if (line[at] < '0' || line[at] > '9' || at < prefix.length) {
      return false;
    }
    line[at]++;
    return true;
  }

  private void startLine() {
    System.arraycopy(prefix, 0, line, 0, prefix.length);
    byte[] digits = Integer.toString(base + 1).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, line, prefix.length, digits.length);
    lineBytes = prefix.length + digits.length;
    line[lineBytes++] = '\t';
  }

  private void putNumber(int number) {
    int digits = 1;
    for (int limit = number; limit >= 10; limit /= 10) {
      digits++;
    }
    int rest = number;
    for (int i = filled + digits - 1; i >= filled; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    filled += digits;
  }

  private void flush() throws IOException {
    out.write(buffer, 0, filled);
    filled = 0;
  }

  /** Prints what is left. */
  void finish() throws IOException {
    advanceTo(interval.end0());
    flush();
    Arrays.fill(changes, 0);
  }
}
