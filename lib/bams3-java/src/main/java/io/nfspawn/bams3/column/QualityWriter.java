package io.nfspawn.bams3.column;

import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.codec.ByteSink;
import io.nfspawn.bams3.codec.QualityEncoder;
import io.nfspawn.bams3.codec.QualityLayout;

/** Writes base qualities: in the order of sequencing by context, or as they are by zstd. */
final class QualityWriter {
  /** Fewer qualities than this do not pay for a model. */
  private static final int MODEL_FROM = 512;

  private static final int REVERSE = 0x10;

  private final ColumnSinks sinks;
  private final Profile profile;
  private final ByteSink absent;
  private final ByteSink classes;
  private final ByteSink plain;
  private final QualityEncoder encoder = new QualityEncoder();
  private final QualityLayout layout = new QualityLayout();
  private byte[] qualities = new byte[1 << 19];
  private int length;
  private int[] starts = {};

  QualityWriter(ColumnSinks sinks, Profile profile) {
    this.sinks = sinks;
    this.profile = profile;
    absent = sinks.sink(Column.QUAL_ABSENT);
    classes = sinks.sink(Column.QUAL_CLASS);
    plain = sinks.sink(Column.QUAL);
  }

  /** Qualities of the page end to end; see {@link #starts()}. */
  byte[] qualities() {
    return qualities;
  }

  /** Where each record's qualities start; -1 when absent. */
  int[] starts() {
    return starts;
  }

  void write(PageTable table, byte[] bytes) {
    boolean reversed = profile != Profile.FAST;
    gather(table, bytes, reversed);
    if (reversed && length >= MODEL_FROM) {
      int classCount = profile == Profile.SMALL ? classify(table) : 1;
      ByteSink coded = sinks.codedQualities();
      if (encoder.encode(qualities, layout, classCount, true, coded) && coded.length() < length) {
        sinks.useCodedQualities(length);
        return;
      }
      classes.clear();
      coded.clear();
    }
    if (reversed) {
      gather(table, bytes, false);
    }
    plain.put(qualities, 0, length);
  }

  private void gather(PageTable table, byte[] bytes, boolean reversed) {
    layout.clear();
    absent.clear();
    length = 0;
    if (starts.length < table.records) {
      starts = new int[table.start.length];
    }
    for (int i = 0; i < table.records; i++) {
      int count = table.length[i];
      starts[i] = -1;
      if (count == 0) {
        continue;
      }
      int from = table.tagsAt[i] - count;
      if (isAbsent(bytes, from, count)) {
        absent.put(1);
        continue;
      }
      absent.put(0);
      starts[i] = length;
      layout.add(count);
      reserve(count);
      if (reversed && (table.flag[i] & REVERSE) != 0) {
        copyReversed(bytes, from, qualities, length, count);
      } else {
        System.arraycopy(bytes, from, qualities, length, count);
      }
      length += count;
    }
  }

  private static boolean isAbsent(byte[] bytes, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (bytes[i] != (byte) 0xff) {
        return false;
      }
    }
    return true;
  }

  private static void copyReversed(byte[] from, int at, byte[] to, int toAt, int count) {
    int last = toAt + count - 1;
    for (int i = 0; i < count; i++) {
      to[last - i] = from[at + i];
    }
  }

  private void reserve(int count) {
    if (qualities.length - length < count) {
      long wanted = Math.max(2L * qualities.length, (long) length + count);
      qualities =
          java.util.Arrays.copyOf(qualities, (int) Math.min(Integer.MAX_VALUE - 64, wanted));
    }
  }

  /** Two classes: reads better than the page's mean, and the others. */
  private int classify(PageTable table) {
    long total = 0;
    for (int i = 0; i < length; i++) {
      total += qualities[i];
    }
    long mean = total / length;
    int record = 0;
    for (int i = 0; i < table.records; i++) {
      if (starts[i] >= 0) {
        long sum = 0;
        for (int k = starts[i]; k < starts[i] + table.length[i]; k++) {
          sum += qualities[k];
        }
        int better = sum > mean * table.length[i] ? 1 : 0;
        layout.setClass(record++, better);
        classes.put(better);
      }
    }
    return 2;
  }
}
