package io.nfspawn.bams3.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decodes what {@link QualityEncoder} wrote: four lanes side by side, as long as all are inside a
 * record and a band, so that the inner loop has nothing to look up but symbols. Reused for many
 * pages; not thread-safe.
 */
public final class QualityDecoder {
  private static final int MAX_TABLES = 4096;

  /** Places in a slot: above the offset the symbol's quality, above that its frequency. */
  private static final int QUALITY_SHIFT = WideLane.BITS;

  private static final int FREQUENCY_SHIFT = 21;
  private static final long WORD = 0xffff_ffffL;

  private final byte[] alphabet = new byte[256];
  private final int[] frequencies = new int[QualityEncoder.MAX_SYMBOLS];
  private final ByteRans modelCodec = new ByteRans();
  private final ByteSource modelSource = new ByteSource();
  private byte[] model = new byte[0];

  /** The slots of all tables; a power of two, so that a mask is all the check that access needs. */
  private int[] slots = new int[1];

  /** For each class and band: by the quality before, where in {@link #slots} the table starts. */
  private int[][] tableAfter = {};

  /** For each class and band, the table of a record's first quality. */
  private int[] firstTable = {};

  /** What refills the states, lane after lane, with one word of slack. */
  private int[] words = {};

  private final Lane[] lanes = {new Lane(), new Lane(), new Lane(), new Lane()};

  private int used;
  private int[] bandStarts = {};
  private int classes;
  private boolean reversed;

  /** One lane's place in the stream, the qualities, the bands and the records. */
  private static final class Lane {
    long state;
    int at;
    int end;
    int firstRecord;
    int lastRecord;
    int record;
    int band;
    int to;

    /** By the quality before, the table; and the table that is next. */
    int[] tables = {};

    int table;

    /** Symbols until the run ends; 0 when the lane has ended. */
    int left;
  }

  /** Whether records on the reverse strand are in the order of sequencing. */
  public boolean isReversed() {
    return reversed;
  }

  /** Decodes all qualities of a layout from all that is left of a source. */
  public void decode(ByteSource in, byte[] qualities, QualityLayout layout) throws CodecException {
    readHead(in);
    readModel(in);
    for (int record = 0; record < layout.records(); record++) {
      if (layout.readClass(record) >= classes) {
        throw new CodecException("has no class " + layout.readClass(record));
      }
    }
    startLanes(in, qualities, layout);
    try {
      decodeLanes(qualities, layout);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new CodecException("has a lane that ends too early");
    }
    for (Lane lane : lanes) {
      if (lane.firstRecord < lane.lastRecord) {
        WideLane.checkLast(lane.state, lane.at, lane.end);
      }
    }
  }

  private void readHead(ByteSource in) throws CodecException {
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
    classes = in.next();
    used = in.next() + 1;
    if (classes < 1 || classes > QualityLayout.MAX_CLASSES || used > QualityEncoder.MAX_SYMBOLS) {
      throw new CodecException("has %d classes and %d symbols".formatted(classes, used));
    }
    System.arraycopy(in.bytes(), in.skip(used), alphabet, 0, used);
  }

  private void readModel(ByteSource in) throws CodecException {
    int tables = in.nextCount();
    if (tables < 1 || tables > MAX_TABLES) {
      throw new CodecException("has %d tables".formatted(tables));
    }
    int size = in.nextCount();
    int contexts = classes * (bandStarts.length + 1) * (used + 1);
    int length = 2 * contexts + tables * used;
    if (model.length < length) {
      model = new byte[length];
    }
    modelSource.moveTo(in.bytes(), in.skip(size), size);
    if (size > 0 && modelSource.bytes()[modelSource.offset()] == 0) {
      modelSource.skip(1);
      System.arraycopy(modelSource.bytes(), modelSource.skip(length), model, 0, length);
    } else {
      modelCodec.decode(modelSource, model, 0, length);
    }
    modelSource.checkEnd();
    readMap(contexts, tables);
    readTables(2 * contexts, tables);
  }

  private void readMap(int contexts, int tables) throws CodecException {
    int kinds = classes * (bandStarts.length + 1);
    if (firstTable.length < kinds) {
      firstTable = new int[kinds];
      tableAfter = new int[kinds][256];
    }
    for (int i = 0; i < contexts; i++) {
      int table = (model[i] & 0xff) | (model[contexts + i] & 0xff) << 8;
      if (table >= tables) {
        throw new CodecException("has no table " + table);
      }
      int kind = i / (used + 1);
      int previous = i % (used + 1);
      if (previous < used) {
        tableAfter[kind][alphabet[previous] & 0xff] = table << WideLane.BITS;
      } else {
        firstTable[kind] = table << WideLane.BITS;
      }
    }
  }

  private void readTables(int from, int tables) throws CodecException {
    if (slots.length < tables << WideLane.BITS) {
      slots = new int[Integer.highestOneBit(2 * tables - 1) << WideLane.BITS];
    }
    for (int i = from + used; i < from + tables * used; i++) {
      model[i] += model[i - used];
    }
    for (int table = 0; table < tables; table++) {
      Frequencies.expand(model, from + table * used, used, frequencies, 0, WideLane.TOTAL);
      int at = table << WideLane.BITS;
      for (int symbol = 0; symbol < used; symbol++) {
        int frequency = frequencies[symbol];
        fill(
            at,
            frequency,
            frequency << FREQUENCY_SHIFT | (alphabet[symbol] & 0xff) << QUALITY_SHIFT);
        at += frequency;
      }
    }
  }

  private void fill(int from, int count, int slot) {
    int[] to = slots;
    for (int i = 0; i < count; i++) {
      to[from + i] = slot + i;
    }
  }

  private void startLanes(ByteSource in, byte[] qualities, QualityLayout layout)
      throws CodecException {
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
      lane.record = lane.firstRecord;
      lane.band = 0;
      lane.left = 0;
      if (lane.firstRecord < lane.lastRecord) {
        lane.state = WideLane.firstState(in.bytes(), start, size);
        lane.at = filled;
        ByteBuffer.wrap(in.bytes(), start + 8, size - 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asIntBuffer()
            .get(words, filled, size / 4 - 2);
        filled += size / 4 - 2;
        lane.end = filled;
        enterRun(lane, qualities, layout);
      } else if (size > 0) {
        throw new CodecException("has bytes in a lane without symbols");
      }
    }
  }

  /** Finds the next run of a lane: of the next record that reaches into the band, or of a band. */
  private void enterRun(Lane lane, byte[] qualities, QualityLayout layout) {
    for (; lane.band <= bandStarts.length; lane.band++) {
      int from = lane.band == 0 ? 0 : bandStarts[lane.band - 1];
      int until = lane.band < bandStarts.length ? bandStarts[lane.band] : Integer.MAX_VALUE;
      while (lane.record < lane.lastRecord) {
        int record = lane.record++;
        int length = layout.length(record);
        if (from < length) {
          int kind = layout.readClass(record) * (bandStarts.length + 1) + lane.band;
          lane.to = layout.start(record) + from;
          lane.tables = tableAfter[kind];
          lane.table = from == 0 ? firstTable[kind] : lane.tables[qualities[lane.to - 1] & 0xff];
          lane.left = Math.min(until, length) - from;
          return;
        }
      }
      lane.record = lane.firstRecord;
    }
    lane.left = 0;
  }

  private void decodeLanes(byte[] qualities, QualityLayout layout) {
    while (true) {
      int steady = Integer.MAX_VALUE;
      for (Lane lane : lanes) {
        steady = Math.min(steady, lane.left);
      }
      if (steady == 0) {
        break;
      }
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

  /** Decodes what is left of a run, alone, and enters the next one. */
  private void finishRun(Lane lane, byte[] qualities, QualityLayout layout) {
    int group = 0;
    for (; lane.left > 0; lane.left--) {
      int slot = slots[lane.table + ((int) lane.state & WideLane.SLOTS)];
      int quality = (slot >>> QUALITY_SHIFT) & 0xff;
      lane.state =
          (slot >>> FREQUENCY_SHIFT) * (lane.state >>> WideLane.BITS) + (slot & WideLane.SLOTS);
      lane.table = lane.tables[quality];
      qualities[lane.to++] = (byte) quality;
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
    int t0 = lane0.table;
    int t1 = lane1.table;
    int t2 = lane2.table;
    int t3 = lane3.table;
    final int to0 = lane0.to;
    final int to1 = lane1.to;
    final int to2 = lane2.to;
    final int to3 = lane3.to;
    final int[] tables0 = lane0.tables;
    final int[] tables1 = lane1.tables;
    final int[] tables2 = lane2.tables;
    final int[] tables3 = lane3.tables;
    final int[] packed = slots;
    final int mask = packed.length - 1;
    final int[] refill = words;
    int e0;
    int q0;
    long m0;
    int e1;
    int q1;
    long m1;
    int e2;
    int q2;
    long m2;
    int e3;
    int q3;
    long m3;
    // whether a state is refilled is a coin toss that no branch predictor wins: masks instead
    for (int i = 0; i < count; i += WideLane.GROUP) {
      e0 = packed[(t0 + ((int) x0 & WideLane.SLOTS)) & mask];
      q0 = (e0 >>> QUALITY_SHIFT) & 0xff;
      qualities[to0 + i] = (byte) q0;
      t0 = tables0[q0];
      x0 = (e0 >>> FREQUENCY_SHIFT) * (x0 >>> WideLane.BITS) + (e0 & WideLane.SLOTS);
      e1 = packed[(t1 + ((int) x1 & WideLane.SLOTS)) & mask];
      q1 = (e1 >>> QUALITY_SHIFT) & 0xff;
      qualities[to1 + i] = (byte) q1;
      t1 = tables1[q1];
      x1 = (e1 >>> FREQUENCY_SHIFT) * (x1 >>> WideLane.BITS) + (e1 & WideLane.SLOTS);
      e2 = packed[(t2 + ((int) x2 & WideLane.SLOTS)) & mask];
      q2 = (e2 >>> QUALITY_SHIFT) & 0xff;
      qualities[to2 + i] = (byte) q2;
      t2 = tables2[q2];
      x2 = (e2 >>> FREQUENCY_SHIFT) * (x2 >>> WideLane.BITS) + (e2 & WideLane.SLOTS);
      e3 = packed[(t3 + ((int) x3 & WideLane.SLOTS)) & mask];
      q3 = (e3 >>> QUALITY_SHIFT) & 0xff;
      qualities[to3 + i] = (byte) q3;
      t3 = tables3[q3];
      x3 = (e3 >>> FREQUENCY_SHIFT) * (x3 >>> WideLane.BITS) + (e3 & WideLane.SLOTS);
      e0 = packed[(t0 + ((int) x0 & WideLane.SLOTS)) & mask];
      q0 = (e0 >>> QUALITY_SHIFT) & 0xff;
      qualities[to0 + i + 1] = (byte) q0;
      t0 = tables0[q0];
      x0 = (e0 >>> FREQUENCY_SHIFT) * (x0 >>> WideLane.BITS) + (e0 & WideLane.SLOTS);
      e1 = packed[(t1 + ((int) x1 & WideLane.SLOTS)) & mask];
      q1 = (e1 >>> QUALITY_SHIFT) & 0xff;
      qualities[to1 + i + 1] = (byte) q1;
      t1 = tables1[q1];
      x1 = (e1 >>> FREQUENCY_SHIFT) * (x1 >>> WideLane.BITS) + (e1 & WideLane.SLOTS);
      e2 = packed[(t2 + ((int) x2 & WideLane.SLOTS)) & mask];
      q2 = (e2 >>> QUALITY_SHIFT) & 0xff;
      qualities[to2 + i + 1] = (byte) q2;
      t2 = tables2[q2];
      x2 = (e2 >>> FREQUENCY_SHIFT) * (x2 >>> WideLane.BITS) + (e2 & WideLane.SLOTS);
      e3 = packed[(t3 + ((int) x3 & WideLane.SLOTS)) & mask];
      q3 = (e3 >>> QUALITY_SHIFT) & 0xff;
      qualities[to3 + i + 1] = (byte) q3;
      t3 = tables3[q3];
      x3 = (e3 >>> FREQUENCY_SHIFT) * (x3 >>> WideLane.BITS) + (e3 & WideLane.SLOTS);
      e0 = packed[(t0 + ((int) x0 & WideLane.SLOTS)) & mask];
      q0 = (e0 >>> QUALITY_SHIFT) & 0xff;
      qualities[to0 + i + 2] = (byte) q0;
      t0 = tables0[q0];
      x0 = (e0 >>> FREQUENCY_SHIFT) * (x0 >>> WideLane.BITS) + (e0 & WideLane.SLOTS);
      e1 = packed[(t1 + ((int) x1 & WideLane.SLOTS)) & mask];
      q1 = (e1 >>> QUALITY_SHIFT) & 0xff;
      qualities[to1 + i + 2] = (byte) q1;
      t1 = tables1[q1];
      x1 = (e1 >>> FREQUENCY_SHIFT) * (x1 >>> WideLane.BITS) + (e1 & WideLane.SLOTS);
      e2 = packed[(t2 + ((int) x2 & WideLane.SLOTS)) & mask];
      q2 = (e2 >>> QUALITY_SHIFT) & 0xff;
      qualities[to2 + i + 2] = (byte) q2;
      t2 = tables2[q2];
      x2 = (e2 >>> FREQUENCY_SHIFT) * (x2 >>> WideLane.BITS) + (e2 & WideLane.SLOTS);
      e3 = packed[(t3 + ((int) x3 & WideLane.SLOTS)) & mask];
      q3 = (e3 >>> QUALITY_SHIFT) & 0xff;
      qualities[to3 + i + 2] = (byte) q3;
      t3 = tables3[q3];
      x3 = (e3 >>> FREQUENCY_SHIFT) * (x3 >>> WideLane.BITS) + (e3 & WideLane.SLOTS);
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
    lane0.table = t0;
    lane0.to += count;
    lane1.state = x1;
    lane1.at = at1;
    lane1.table = t1;
    lane1.to += count;
    lane2.state = x2;
    lane2.at = at2;
    lane2.table = t2;
    lane2.to += count;
    lane3.state = x3;
    lane3.at = at3;
    lane3.table = t3;
    lane3.to += count;
  }
}
