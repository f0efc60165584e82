package io.nfspawn.bams3.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Decodes what {@link QualityEncoder} wrote: four lanes side by side, as long as all are inside a
 * record and a band, so that the inner loop has nothing to look up but symbols. Reused for many
 * pages; not thread-safe.
 */
public final class QualityDecoder {
  private static final int MAX_TABLES = 4096;

  private final byte[] alphabet = new byte[256];
  private final int[] frequencies = new int[QualityEncoder.MAX_SYMBOLS];
  private final ByteRans modelCodec = new ByteRans();
  private final ByteSource modelSource = new ByteSource();
  private byte[] model = new byte[0];

  /** For each table, which symbol each of 4096 slots means. */
  private byte[] slots = new byte[0];

  /** For each table and symbol, frequency and cumulative frequency. */
  private int[] steps = new int[0];

  /** For each context, its table's number, times 4096. */
  private int[] tableOf = new int[0];

  /** What refills the states, lane after lane, with one word of slack. */
  private char[] words = {};

  private final Lane[] lanes = {new Lane(), new Lane(), new Lane(), new Lane()};
  private int used;
  private int widthBits;
  private int[] bandStarts = {};
  private int classes;
  private boolean reversed;

  /** One lane's place in the stream, the qualities and the records. */
  private static final class Lane {
    int state;
    int at;
    int end;
    int to;
    int toEnd;
    int record;
    int cycle;

    /** First context of band and class. */
    int base;

    int context;

    /** Symbols until the context's base changes; 0 when the lane has ended. */
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
    startLanes(in, layout);
    try {
      decodeLanes(qualities, layout);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new CodecException("has a lane that ends too early");
    }
    for (Lane lane : lanes) {
      if (lane.to != lane.toEnd || lane.state != 0) {
        RansLane.checkLast(lane.state, lane.at, lane.end);
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
    if (tableOf.length < contexts) {
      tableOf = new int[contexts];
    }
    for (int i = 0; i < contexts; i++) {
      int table = (model[i] & 0xff) | (model[contexts + i] & 0xff) << 8;
      if (table >= tables) {
        throw new CodecException("has no table " + table);
      }
      tableOf[i] = table << Frequencies.BITS;
    }
  }

  private void readTables(int from, int tables) throws CodecException {
    widthBits = 32 - Integer.numberOfLeadingZeros(Math.max(1, used - 1));
    if (slots.length < tables << Frequencies.BITS) {
      slots = new byte[tables << Frequencies.BITS];
    }
    if (steps.length < tables << widthBits) {
      steps = new int[tables << widthBits];
    }
    for (int i = from + used; i < from + tables * used; i++) {
      model[i] += model[i - used];
    }
    for (int table = 0; table < tables; table++) {
      Frequencies.expand(model, from + table * used, used, frequencies, 0);
      int cumulative = 0;
      int slot = table << Frequencies.BITS;
      for (int symbol = 0; symbol < used; symbol++) {
        int frequency = frequencies[symbol];
        if (frequency > 0) {
          Arrays.fill(slots, slot + cumulative, slot + cumulative + frequency, (byte) symbol);
          steps[(table << widthBits) + symbol] = frequency << Frequencies.BITS | cumulative;
          cumulative += frequency;
        }
      }
    }
  }

  private void startLanes(ByteSource in, QualityLayout layout) throws CodecException {
    int[] sizes = new int[QualityLayout.LANES];
    for (int i = 0; i < QualityLayout.LANES - 1; i++) {
      sizes[i] = in.nextCount();
    }
    int record = 0;
    long recordStart = 0;
    int filled = 0;
    if (words.length < in.remaining() / 2 + 1) {
      words = new char[in.remaining() / 2 + in.remaining() / 8 + 1];
    }
    for (int i = 0; i < QualityLayout.LANES; i++) {
      Lane lane = lanes[i];
      int size = i < QualityLayout.LANES - 1 ? sizes[i] : in.remaining();
      int start = in.skip(size);
      lane.to = layout.laneStart(i);
      lane.toEnd = layout.laneStart(i + 1);
      while (record < layout.records() && recordStart + layout.length(record) <= lane.to) {
        recordStart += layout.length(record++);
      }
      lane.record = record;
      lane.cycle = (int) (lane.to - recordStart);
      if (lane.to < lane.toEnd) {
        lane.state = RansLane.firstState(in.bytes(), start, start + size);
        lane.at = filled;
        filled = readWords(in.bytes(), start + 4, size - 4, filled);
        lane.end = filled;
        enterRun(lane, layout, used);
      } else if (size > 0) {
        throw new CodecException("has bytes in a lane without symbols");
      } else {
        lane.state = 0;
        lane.left = 0;
      }
    }
  }

  private int readWords(byte[] bytes, int start, int size, int filled) throws CodecException {
    if ((size & 1) != 0) {
      throw new CodecException("has a lane of %d bytes".formatted(size + 4));
    }
    ByteBuffer.wrap(bytes, start, size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asCharBuffer()
        .get(words, filled, size / 2);
    return filled + size / 2;
  }

  /** Finds band and length of the run of symbols that starts at the lane's cycle. */
  private void enterRun(Lane lane, QualityLayout layout, int previous) {
    int band = 0;
    while (band < bandStarts.length && bandStarts[band] <= lane.cycle) {
      band++;
    }
    int end = layout.length(lane.record);
    if (band < bandStarts.length) {
      end = Math.min(end, bandStarts[band]);
    }
    lane.base = (layout.readClass(lane.record) * (bandStarts.length + 1) + band) * (used + 1);
    lane.context = lane.base + previous;
    lane.left = Math.min(end - lane.cycle, lane.toEnd - lane.to);
  }

  /** After a run: the next band, the next record, or the end of the lane. */
  private void leaveRun(Lane lane, QualityLayout layout) {
    if (lane.to == lane.toEnd) {
      lane.left = 0;
    } else if (lane.cycle == layout.length(lane.record)) {
      lane.record++;
      lane.cycle = 0;
      enterRun(lane, layout, used);
    } else {
      enterRun(lane, layout, lane.context - lane.base);
    }
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
      decodeTogether(qualities, steady);
      for (Lane lane : lanes) {
        advance(lane, layout, steady);
      }
    }
    for (Lane lane : lanes) {
      while (lane.left > 0) {
        int count = lane.left;
        decodeAlone(lane, qualities, count);
        advance(lane, layout, count);
      }
    }
  }

  private void advance(Lane lane, QualityLayout layout, int count) {
    lane.to += count;
    lane.cycle += count;
    lane.left -= count;
    if (lane.left == 0) {
      leaveRun(lane, layout);
    }
  }

  private void decodeAlone(Lane lane, byte[] qualities, int count) {
    for (int i = 0; i < count; i++) {
      int table = tableOf[lane.context];
      int slot = lane.state & RansLane.SLOTS;
      int symbol = slots[table + slot];
      int step = steps[(table >> Frequencies.BITS << widthBits) + symbol];
      int state = (step >>> 12) * (lane.state >>> 12) + slot - (step & RansLane.SLOTS);
      if (state < RansLane.START) {
        state = state << 16 | words[lane.at++];
      }
      lane.state = state;
      qualities[lane.to + i] = alphabet[symbol];
      lane.context = lane.base + symbol;
    }
  }

  private void decodeTogether(byte[] qualities, int count) {
    Lane lane0 = lanes[0];
    Lane lane1 = lanes[1];
    Lane lane2 = lanes[2];
    Lane lane3 = lanes[3];
    int x0 = lane0.state;
    int x1 = lane1.state;
    int x2 = lane2.state;
    int x3 = lane3.state;
    int at0 = lane0.at;
    int at1 = lane1.at;
    int at2 = lane2.at;
    int at3 = lane3.at;
    int c0 = lane0.context;
    int c1 = lane1.context;
    int c2 = lane2.context;
    int c3 = lane3.context;
    final int base0 = lane0.base;
    final int base1 = lane1.base;
    final int base2 = lane2.base;
    final int base3 = lane3.base;
    final int to0 = lane0.to;
    final int to1 = lane1.to;
    final int to2 = lane2.to;
    final int to3 = lane3.to;
    final int[] tables = tableOf;
    final byte[] meaning = slots;
    final int[] packed = steps;
    final byte[] values = alphabet;
    final char[] refill = words;
    final int narrow = Frequencies.BITS - widthBits;
    // whether a state is refilled is a coin toss that no branch predictor wins: masks instead
    for (int i = 0; i < count; i++) {
      int t0 = tables[c0];
      int t1 = tables[c1];
      int t2 = tables[c2];
      int t3 = tables[c3];
      int s0 = x0 & 4095;
      int s1 = x1 & 4095;
      int s2 = x2 & 4095;
      int s3 = x3 & 4095;
      int y0 = meaning[t0 + s0];
      int y1 = meaning[t1 + s1];
      int y2 = meaning[t2 + s2];
      int y3 = meaning[t3 + s3];
      int p0 = packed[(t0 >> narrow) + y0];
      int p1 = packed[(t1 >> narrow) + y1];
      int p2 = packed[(t2 >> narrow) + y2];
      int p3 = packed[(t3 >> narrow) + y3];
      x0 = (p0 >>> 12) * (x0 >>> 12) + s0 - (p0 & 4095);
      x1 = (p1 >>> 12) * (x1 >>> 12) + s1 - (p1 & 4095);
      x2 = (p2 >>> 12) * (x2 >>> 12) + s2 - (p2 & 4095);
      x3 = (p3 >>> 12) * (x3 >>> 12) + s3 - (p3 & 4095);
      int m0 = (x0 - RansLane.START) >> 31;
      x0 = x0 << (m0 & 16) | (refill[at0] & m0);
      at0 -= m0;
      int m1 = (x1 - RansLane.START) >> 31;
      x1 = x1 << (m1 & 16) | (refill[at1] & m1);
      at1 -= m1;
      int m2 = (x2 - RansLane.START) >> 31;
      x2 = x2 << (m2 & 16) | (refill[at2] & m2);
      at2 -= m2;
      int m3 = (x3 - RansLane.START) >> 31;
      x3 = x3 << (m3 & 16) | (refill[at3] & m3);
      at3 -= m3;
      qualities[to0 + i] = values[y0];
      qualities[to1 + i] = values[y1];
      qualities[to2 + i] = values[y2];
      qualities[to3 + i] = values[y3];
      c0 = base0 + y0;
      c1 = base1 + y1;
      c2 = base2 + y2;
      c3 = base3 + y3;
    }
    lane0.state = x0;
    lane1.state = x1;
    lane2.state = x2;
    lane3.state = x3;
    lane0.at = at0;
    lane1.at = at1;
    lane2.at = at2;
    lane3.at = at3;
    lane0.context = c0;
    lane1.context = c1;
    lane2.context = c2;
    lane3.context = c3;
  }
}
