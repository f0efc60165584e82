package io.nfspawn.bams3.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decodes what {@link QualityEncoder} wrote: band after band, and four lanes side by side as long
 * as all are inside a record, so that the inner loop has nothing to look up but symbols. Reused for
 * many pages; not thread-safe.
 */
public final class QualityDecoder {
  private static final long WORD = 0xffff_ffffL;

  private final QualityTables tables = new QualityTables();

  /** What refills the states, lane after lane, with one word of slack. */
  private int[] words = {};

  private final Lane[] lanes = {new Lane(), new Lane(), new Lane(), new Lane()};

  private int[] bandStarts = {};
  private boolean reversed;

  /** The part of each record that lies in the band at work. */
  private int from;

  private int until;

  /** One lane's place in the stream, the qualities and the records. */
  private static final class Lane {
    long state;
    int at;
    int end;
    int firstRecord;
    int lastRecord;
    int record;
    int to;

    /** The context of the symbol that is next. */
    int context;

    /** Symbols until the run ends; 0 when the band has no more. */
    int left;
  }

  /** Whether records on the reverse strand are in the order of sequencing. */
  public boolean isReversed() {
    return reversed;
  }

  /** Decodes all qualities of a layout from all that is left of a source. */
  public void decode(ByteSource in, byte[] qualities, QualityLayout layout) throws CodecException {
    int classes = readHead(in);
    tables.read(in, classes, bandStarts.length + 1);
    for (int record = 0; record < layout.records(); record++) {
      if (layout.readClass(record) >= classes) {
        throw new CodecException("has no class " + layout.readClass(record));
      }
    }
    startLanes(in, layout);
    try {
      for (int band = 0; band <= bandStarts.length; band++) {
        decodeBand(band, qualities, layout);
      }
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new CodecException("has a lane that ends too early");
    }
    for (Lane lane : lanes) {
      if (lane.firstRecord < lane.lastRecord) {
        WideLane.checkLast(lane.state, lane.at, lane.end);
      }
    }
  }

  /** Returns the number of classes. */
  private int readHead(ByteSource in) throws CodecException {
    int flags = in.next();
    int bands = in.next();
    if (flags > 1 || bands < 1 || bands > QualityLayout.MAX_BANDS) {
      throw new CodecException("has flags %d and %d bands".formatted(flags, bands));
    }
    reversed = flags == 1;
    bandStarts = new int[bands - 1];
    for (int i = 0; i < bandStarts.length; i++) {
      bandStarts[i] = in.nextCount();
      if (bandStarts[i] <= (i == 0 ? 0 : bandStarts[i - 1])) {
        throw new CodecException("has bands that do not ascend");
      }
    }
    return in.next();
  }

  private void startLanes(ByteSource in, QualityLayout layout) throws CodecException {
    int[] sizes = new int[QualityLayout.LANES];
    for (int i = 0; i < QualityLayout.LANES - 1; i++) {
      sizes[i] = in.nextCount();
    }
    if (words.length < in.remaining() / 4 + 1) {
      words = new int[in.remaining() / 4 + in.remaining() / 16 + 1];
    }
    int filled = 0;
    for (int i = 0; i < QualityLayout.LANES; i++) {
      Lane lane = lanes[i];
      int size = i < QualityLayout.LANES - 1 ? sizes[i] : in.remaining();
      int start = in.skip(size);
      lane.firstRecord = layout.firstRecord(i);
      lane.lastRecord = layout.firstRecord(i + 1);
      if (lane.firstRecord < lane.lastRecord) {
        lane.state = WideLane.firstState(in.bytes(), start, size);
        lane.at = filled;
        ByteBuffer.wrap(in.bytes(), start + 8, size - 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asIntBuffer()
            .get(words, filled, size / 4 - 2);
        filled += size / 4 - 2;
        lane.end = filled;
      } else if (size > 0) {
        throw new CodecException("has bytes in a lane without symbols");
      }
    }
  }

  private void decodeBand(int band, byte[] qualities, QualityLayout layout) {
    tables.open(band);
    from = band == 0 ? 0 : bandStarts[band - 1];
    until = band < bandStarts.length ? bandStarts[band] : Integer.MAX_VALUE;
    for (Lane lane : lanes) {
      lane.record = lane.firstRecord;
      enterRun(lane, qualities, layout);
    }
    for (int steady = steady(); steady > 0; steady = steady()) {
      int whole = steady - steady % WideLane.GROUP;
      if (whole > 0) {
        decodeGroups(qualities, whole);
      }
      for (Lane lane : lanes) {
        lane.left -= whole;
        if (lane.left < WideLane.GROUP) {
          finishRun(lane, qualities, layout);
        }
      }
    }
    for (Lane lane : lanes) {
      while (lane.left > 0) {
        finishRun(lane, qualities, layout);
      }
    }
  }

  /** How many symbols all lanes have before them. */
  private int steady() {
    return Math.min(Math.min(lanes[0].left, lanes[1].left), Math.min(lanes[2].left, lanes[3].left));
  }

  /** Finds the next run of a lane: of the next record that reaches into the band. */
  private void enterRun(Lane lane, byte[] qualities, QualityLayout layout) {
    while (lane.record < lane.lastRecord) {
      int record = lane.record++;
      int length = layout.length(record);
      if (from < length) {
        int readClass = layout.readClass(record);
        lane.to = layout.start(record) + from;
        lane.context =
            from == 0
                ? tables.firstContext(readClass)
                : QualityTables.contextAfter(readClass, qualities[lane.to - 1]);
        lane.left = Math.min(until, length) - from;
        return;
      }
    }
    lane.left = 0;
  }

  /** Decodes what is left of a run, alone, and enters the next one. */
  private void finishRun(Lane lane, byte[] qualities, QualityLayout layout) {
    int[] slots = tables.slots();
    int group = 0;
    for (; lane.left > 0; lane.left--) {
      int slot = slots[lane.context | ((int) lane.state & WideLane.SLOTS)];
      lane.state =
          (slot >>> QualityTables.FREQUENCY_SHIFT) * (lane.state >>> WideLane.BITS)
              + (slot & WideLane.SLOTS);
      lane.context = slot & QualityTables.CONTEXT;
      qualities[lane.to++] = (byte) (slot >>> QualityTables.QUALITY_SHIFT);
      group = group == WideLane.GROUP - 1 || lane.left == 1 ? 0 : group + 1;
      if (group == 0 && lane.state < WideLane.START) {
        lane.state = lane.state << 32 | (words[lane.at++] & WORD);
      }
    }
    enterRun(lane, qualities, layout);
  }

  private void decodeGroups(byte[] qualities, int count) {
    Lane lane0 = lanes[0];
    Lane lane1 = lanes[1];
    Lane lane2 = lanes[2];
    Lane lane3 = lanes[3];
    long x0 = lane0.state;
    long x1 = lane1.state;
    long x2 = lane2.state;
    long x3 = lane3.state;
    int at0 = lane0.at;
    int at1 = lane1.at;
    int at2 = lane2.at;
    int at3 = lane3.at;
    int c0 = lane0.context;
    int c1 = lane1.context;
    int c2 = lane2.context;
    int c3 = lane3.context;
    final int to0 = lane0.to;
    final int to1 = lane1.to;
    final int to2 = lane2.to;
    final int to3 = lane3.to;
    final int[] packed = tables.slots();
    final int mask = packed.length - 1;
    final int[] refill = words;
    int e0;
    long m0;
    int e1;
    long m1;
    int e2;
    long m2;
    int e3;
    long m3;
    // whether a state is refilled is a coin toss that no branch predictor wins: masks instead
    for (int i = 0; i < count; i += WideLane.GROUP) {
      e0 = packed[(c0 | ((int) x0 & WideLane.SLOTS)) & mask];
      qualities[to0 + i] = (byte) (e0 >>> QualityTables.QUALITY_SHIFT);
      c0 = e0 & QualityTables.CONTEXT;
      x0 = (e0 >>> QualityTables.FREQUENCY_SHIFT) * (x0 >>> WideLane.BITS) + (e0 & WideLane.SLOTS);
      e1 = packed[(c1 | ((int) x1 & WideLane.SLOTS)) & mask];
      qualities[to1 + i] = (byte) (e1 >>> QualityTables.QUALITY_SHIFT);
      c1 = e1 & QualityTables.CONTEXT;
      x1 = (e1 >>> QualityTables.FREQUENCY_SHIFT) * (x1 >>> WideLane.BITS) + (e1 & WideLane.SLOTS);
      e2 = packed[(c2 | ((int) x2 & WideLane.SLOTS)) & mask];
      qualities[to2 + i] = (byte) (e2 >>> QualityTables.QUALITY_SHIFT);
      c2 = e2 & QualityTables.CONTEXT;
      x2 = (e2 >>> QualityTables.FREQUENCY_SHIFT) * (x2 >>> WideLane.BITS) + (e2 & WideLane.SLOTS);
      e3 = packed[(c3 | ((int) x3 & WideLane.SLOTS)) & mask];
      qualities[to3 + i] = (byte) (e3 >>> QualityTables.QUALITY_SHIFT);
      c3 = e3 & QualityTables.CONTEXT;
      x3 = (e3 >>> QualityTables.FREQUENCY_SHIFT) * (x3 >>> WideLane.BITS) + (e3 & WideLane.SLOTS);
      e0 = packed[(c0 | ((int) x0 & WideLane.SLOTS)) & mask];
      qualities[to0 + i + 1] = (byte) (e0 >>> QualityTables.QUALITY_SHIFT);
      c0 = e0 & QualityTables.CONTEXT;
      x0 = (e0 >>> QualityTables.FREQUENCY_SHIFT) * (x0 >>> WideLane.BITS) + (e0 & WideLane.SLOTS);
      e1 = packed[(c1 | ((int) x1 & WideLane.SLOTS)) & mask];
      qualities[to1 + i + 1] = (byte) (e1 >>> QualityTables.QUALITY_SHIFT);
      c1 = e1 & QualityTables.CONTEXT;
      x1 = (e1 >>> QualityTables.FREQUENCY_SHIFT) * (x1 >>> WideLane.BITS) + (e1 & WideLane.SLOTS);
      e2 = packed[(c2 | ((int) x2 & WideLane.SLOTS)) & mask];
      qualities[to2 + i + 1] = (byte) (e2 >>> QualityTables.QUALITY_SHIFT);
      c2 = e2 & QualityTables.CONTEXT;
      x2 = (e2 >>> QualityTables.FREQUENCY_SHIFT) * (x2 >>> WideLane.BITS) + (e2 & WideLane.SLOTS);
      e3 = packed[(c3 | ((int) x3 & WideLane.SLOTS)) & mask];
      qualities[to3 + i + 1] = (byte) (e3 >>> QualityTables.QUALITY_SHIFT);
      c3 = e3 & QualityTables.CONTEXT;
      x3 = (e3 >>> QualityTables.FREQUENCY_SHIFT) * (x3 >>> WideLane.BITS) + (e3 & WideLane.SLOTS);
      e0 = packed[(c0 | ((int) x0 & WideLane.SLOTS)) & mask];
      qualities[to0 + i + 2] = (byte) (e0 >>> QualityTables.QUALITY_SHIFT);
      c0 = e0 & QualityTables.CONTEXT;
      x0 = (e0 >>> QualityTables.FREQUENCY_SHIFT) * (x0 >>> WideLane.BITS) + (e0 & WideLane.SLOTS);
      e1 = packed[(c1 | ((int) x1 & WideLane.SLOTS)) & mask];
      qualities[to1 + i + 2] = (byte) (e1 >>> QualityTables.QUALITY_SHIFT);
      c1 = e1 & QualityTables.CONTEXT;
      x1 = (e1 >>> QualityTables.FREQUENCY_SHIFT) * (x1 >>> WideLane.BITS) + (e1 & WideLane.SLOTS);
      e2 = packed[(c2 | ((int) x2 & WideLane.SLOTS)) & mask];
      qualities[to2 + i + 2] = (byte) (e2 >>> QualityTables.QUALITY_SHIFT);
      c2 = e2 & QualityTables.CONTEXT;
      x2 = (e2 >>> QualityTables.FREQUENCY_SHIFT) * (x2 >>> WideLane.BITS) + (e2 & WideLane.SLOTS);
      e3 = packed[(c3 | ((int) x3 & WideLane.SLOTS)) & mask];
      qualities[to3 + i + 2] = (byte) (e3 >>> QualityTables.QUALITY_SHIFT);
      c3 = e3 & QualityTables.CONTEXT;
      x3 = (e3 >>> QualityTables.FREQUENCY_SHIFT) * (x3 >>> WideLane.BITS) + (e3 & WideLane.SLOTS);
      m0 = (x0 - WideLane.START) >> 63;
      x0 = x0 << (m0 & 32) | (refill[at0] & WORD & m0);
      at0 -= (int) m0;
      m1 = (x1 - WideLane.START) >> 63;
      x1 = x1 << (m1 & 32) | (refill[at1] & WORD & m1);
      at1 -= (int) m1;
      m2 = (x2 - WideLane.START) >> 63;
      x2 = x2 << (m2 & 32) | (refill[at2] & WORD & m2);
      at2 -= (int) m2;
      m3 = (x3 - WideLane.START) >> 63;
      x3 = x3 << (m3 & 32) | (refill[at3] & WORD & m3);
      at3 -= (int) m3;
    }
    lane0.state = x0;
    lane0.at = at0;
    lane0.context = c0;
    lane0.to += count;
    lane1.state = x1;
    lane1.at = at1;
    lane1.context = c1;
    lane1.to += count;
    lane2.state = x2;
    lane2.at = at2;
    lane2.context = c2;
    lane2.to += count;
    lane3.state = x3;
    lane3.at = at3;
    lane3.context = c3;
    lane3.to += count;
  }
}
