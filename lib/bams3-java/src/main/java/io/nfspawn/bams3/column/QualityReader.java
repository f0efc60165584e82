package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;
import io.nfspawn.bams3.codec.QualityDecoder;
import io.nfspawn.bams3.codec.QualityLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads what {@link QualityWriter} wrote. */
final class QualityReader {
  private static final int REVERSE = 0x10;

  private final QualityDecoder decoder = new QualityDecoder();
  private final QualityLayout layout = new QualityLayout();
  private byte[] qualities = {};
  private int[] starts = {};
  private boolean reversed;

  /** The qualities, and where a page's records go. */
  private ByteBuffer forward = ByteBuffer.wrap(qualities);

  private ByteBuffer backward = ByteBuffer.wrap(qualities);

  byte[] qualities() {
    return qualities;
  }

  int[] starts() {
    return starts;
  }

  /** Decodes the qualities of all records; flags and lengths must be known. */
  void moveTo(ColumnSources columns, PageTable table) throws CodecException {
    int length = layOut(columns.column(Column.QUAL_ABSENT), table);
    ByteSource classes = columns.column(Column.QUAL_CLASS);
    reversed = false;
    if (columns.codec(Column.QUAL) != ColumnSinks.QUALITY_RANS) {
      if (length > 0) {
        readPlain(columns, length);
      }
      return;
    }
    for (int i = 0; i < layout.records(); i++) {
      layout.setClass(i, Math.min(127, classes.next()));
    }
    if (columns.rawBytes(Column.QUAL) != length) {
      throw new CodecException(
          Column.QUAL, "has %d bytes, want %d".formatted(columns.rawBytes(Column.QUAL), length));
    }
    if (qualities.length < length) {
      qualities = new byte[length + length / 4];
    }
    ByteSource stored = columns.stored(Column.QUAL);
    try {
      decoder.decode(stored, qualities, layout);
    } catch (CodecException e) {
      throw new CodecException(Column.QUAL, String.valueOf(e.getMessage()));
    }
    reversed = decoder.isReversed();
  }

  private void readPlain(ColumnSources columns, int length) throws CodecException {
    ByteSource plain = columns.column(Column.QUAL);
    if (plain.isEndless()) {
      qualities = new byte[length];
      return;
    }
    if (plain.remaining() != length) {
      throw new CodecException(
          Column.QUAL, "has %d bytes, want %d".formatted(plain.remaining(), length));
    }
    if (qualities.length < length) {
      qualities = new byte[length + length / 4];
    }
    plain.copyTo(qualities, 0, length);
  }

  private int layOut(ByteSource absent, PageTable table) throws CodecException {
    layout.clear();
    if (starts.length < table.records) {
      starts = new int[table.start.length];
    }
    int length = 0;
    for (int i = 0; i < table.records; i++) {
      starts[i] = -1;
      if (table.length[i] > 0) {
        int value = absent.next();
        if (value > 1) {
          throw new CodecException(Column.QUAL_ABSENT, "has a value " + value);
        }
        if (value == 0) {
          starts[i] = length;
          layout.add(table.length[i]);
          length += table.length[i];
        }
      }
    }
    return length;
  }

  /** Writes the qualities of a record. */
  void read(PageTable table, int record, byte[] out, int at) {
    int length = table.length[record];
    int from = starts[record];
    if (from < 0) {
      Arrays.fill(out, at, at + length, (byte) 0xff);
    } else if (reversed && (table.flag[record] & REVERSE) != 0) {
      copyReversed(from, out, at, length);
    } else {
      System.arraycopy(qualities, from, out, at, length);
    }
  }

  /** Eight at a time: read in one order of bytes and written in the other. */
  private void copyReversed(int from, byte[] out, int at, int length) {
    if (forward.array() != qualities) {
      forward = ByteBuffer.wrap(qualities);
    }
    if (backward.array() != out) {
      backward = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
    }
    int end = at + length;
    int done = 0;
    for (; done + Long.BYTES <= length; done += Long.BYTES) {
      backward.putLong(end - done - Long.BYTES, forward.getLong(from + done));
    }
    for (; done < length; done++) {
      out[end - done - 1] = qualities[from + done];
    }
  }
}
