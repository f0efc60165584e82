package io.nfspawn.bams3.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Encodes qualities by codec 3: each symbol in the context of the one before it, of the band of
 * cycles it lies in and of its read's class. Sequencers lose quality along a read, so bands are
 * worth as much as a second symbol of context at a fraction of the tables. Reused for many pages;
 * not thread-safe.
 */
public final class QualityEncoder {
  /** More distinct qualities than this are left to other codecs. */
  public static final int MAX_SYMBOLS = 128;

  private static final int ONE_BAND_BELOW = 1 << 14;
  private static final int TWO_BANDS_BELOW = 1 << 16;
  private static final int LONG_READ_BP = 1_000;

  private static final int[] EARLY_CYCLES = {3, 8};

  /** A context seen less often than this shares one table with the others of its kind. */
  private static final int RARE = 64;

  private final byte[] alphabet = new byte[256];
  private final byte[] indexOf = new byte[256];
  private final int[] occurs = new int[256];
  private final int[] frequencies = new int[MAX_SYMBOLS];
  private final ByteRans modelCodec = new ByteRans();
  private final ByteSink model = new ByteSink(1 << 14);
  private final ByteSink codedModel = new ByteSink(1 << 12);

  /**
   * For each quality, in the order of lanes, the place of its symbol in its context's table. Runs
   * are filled up to whole groups with a symbol that is certain, which changes no state.
   */
  private int[] places = new int[1 << 16];

  /** Where each lane starts there; that of the lane after the last is the end. */
  private final int[] laneStarts = new int[QualityLayout.LANES + 1];

  private int[] counts = new int[0];
  private int[] symbols = new int[0];
  private byte[] codes = new byte[0];
  private int[] tableOf = new int[0];

  /** What leaves the states, each lane from its end backwards, behind one word of slack. */
  private int[] work = new int[0];

  private int used;
  private int width;
  private int[] bandStarts = {};
  private int classes;
  private int contexts;
  private int tables;

  /**
   * Appends the coded qualities.
   *
   * @param reversed what the stream says of records on the reverse strand
   * @return whether it was possible; false when there are too many distinct values
   */
  public boolean encode(
      byte[] qualities, QualityLayout layout, int classCount, boolean reversed, ByteSink out) {
    if (!findAlphabet(qualities, layout.symbols())) {
      return false;
    }
    classes = classCount;
    bandStarts = bands(layout);
    contexts = classes * (bandStarts.length + 1) * (used + 1);
    if (counts.length < contexts * width) {
      counts = new int[contexts * width];
      symbols = new int[contexts * width + 1];
    } else {
      Arrays.fill(counts, 0, contexts * width, 0);
    }
    count(qualities, layout);
    makeTables();
    writeHead(reversed, out);
    writeLanes(out);
    return true;
  }

  private boolean findAlphabet(byte[] qualities, int length) {
    Arrays.fill(occurs, 0);
    for (int i = 0; i < length; i++) {
      occurs[qualities[i] & 0xff] = 1;
    }
    used = 0;
    for (int value = 0; value < 256; value++) {
      if (occurs[value] > 0) {
        alphabet[used] = (byte) value;
        indexOf[value] = (byte) used++;
      }
    }
    width = Integer.highestOneBit(Math.max(1, used - 1)) << 1;
    return used <= MAX_SYMBOLS;
  }

  private static int[] bands(QualityLayout layout) {
    int longest = layout.longest();
    if (layout.symbols() < ONE_BAND_BELOW || longest > LONG_READ_BP || longest < 50) {
      return new int[0];
    }
    if (layout.symbols() < TWO_BANDS_BELOW) {
      return new int[] {longest / 2};
    }
    int[] starts = new int[EARLY_CYCLES.length + 4];
    System.arraycopy(EARLY_CYCLES, 0, starts, 0, EARLY_CYCLES.length);
    for (int fifth = 1; fifth < 5; fifth++) {
      int start = longest * fifth / 5;
      starts[EARLY_CYCLES.length + fifth - 1] = start - start % WideLane.GROUP;
    }
    return starts;
  }

  /** Finds the place of each quality and counts them. */
  private void count(byte[] qualities, QualityLayout layout) {
    long filledUp =
        layout.symbols()
            + 2L * Math.min(layout.symbols(), layout.records() * (bandStarts.length + 1L));
    if (places.length < filledUp) {
      places = new int[(int) Math.min(Integer.MAX_VALUE - 8, filledUp + filledUp / 4)];
    }
    int filled = 0;
    for (int lane = 0; lane < QualityLayout.LANES; lane++) {
      laneStarts[lane] = filled;
      for (int band = 0; band <= bandStarts.length; band++) {
        filled = countBand(qualities, layout, lane, band, filled);
      }
    }
    laneStarts[QualityLayout.LANES] = filled;
  }

  private int countBand(byte[] qualities, QualityLayout layout, int lane, int band, int filled) {
    int from = band == 0 ? 0 : bandStarts[band - 1];
    int until = band < bandStarts.length ? bandStarts[band] : Integer.MAX_VALUE;
    int to = filled;
    int last = layout.firstRecord(lane + 1);
    for (int record = layout.firstRecord(lane); record < last; record++) {
      int length = layout.length(record);
      if (from < length) {
        int start = layout.start(record);
        int base = (layout.readClass(record) * (bandStarts.length + 1) + band) * (used + 1);
        int previous = from == 0 ? used : indexOf[qualities[start + from - 1] & 0xff];
        int end = start + Math.min(until, length);
        to = countRun(qualities, start + from, end, base, previous, to);
        while ((to - filled) % WideLane.GROUP != 0) {
          places[to++] = certain();
        }
      }
    }
    return to;
  }

  /** Place of the symbol that fills up groups, behind all tables. */
  private int certain() {
    return contexts * width;
  }

  private int countRun(byte[] qualities, int from, int to, int base, int before, int filled) {
    int previous = before;
    int[] found = places;
    for (int i = from; i < to; i++) {
      int symbol = indexOf[qualities[i] & 0xff];
      int place = (base + previous) * width + symbol;
      counts[place]++;
      found[filled + i - from] = place;
      previous = symbol;
    }
    return filled + to - from;
  }

  /** Gives each context a table, its own or the one of rare contexts, and packs its symbols. */
  private void makeTables() {
    if (tableOf.length < contexts) {
      tableOf = new int[contexts];
      codes = new byte[(contexts + 1) * MAX_SYMBOLS];
    }
    int[] rare = new int[used];
    boolean anyRare = false;
    tables = 1;
    for (int context = 0; context < contexts; context++) {
      int from = context * width;
      int total = 0;
      for (int i = 0; i < used; i++) {
        total += counts[from + i];
      }
      if (total >= RARE) {
        Frequencies.quantise(counts, from, used, codes, tables * used, WideLane.TOTAL);
        tableOf[context] = tables++;
      } else {
        tableOf[context] = 0;
        anyRare |= total > 0;
        for (int i = 0; i < used; i++) {
          rare[i] += counts[from + i];
        }
      }
    }
    rare[0] += anyRare ? 0 : 1;
    Frequencies.quantise(rare, 0, used, codes, 0, WideLane.TOTAL);
    for (int context = 0; context < contexts; context++) {
      packSymbols(context);
    }
    symbols[certain()] = WideLane.symbol(WideLane.TOTAL, 0);
  }

  private void packSymbols(int context) {
    int table = tableOf[context];
    int to = context * width;
    try {
      Frequencies.expand(codes, table * used, used, frequencies, 0, WideLane.TOTAL);
    } catch (CodecException e) {
      throw new IllegalStateException(e);
    }
    int cumulative = 0;
    for (int i = 0; i < used; i++) {
      symbols[to + i] = WideLane.symbol(frequencies[i], cumulative);
      cumulative += frequencies[i];
    }
  }

  private void writeHead(boolean reversed, ByteSink out) {
    out.put(reversed ? 1 : 0);
    out.put(bandStarts.length + 1);
    for (int start : bandStarts) {
      out.putUnsigned(start);
    }
    out.put(classes);
    out.put(used - 1);
    out.put(alphabet, 0, used);
    out.putUnsigned(tables);
    model.clear();
    for (int context = 0; context < contexts; context++) {
      model.put(tableOf[context]);
    }
    for (int context = 0; context < contexts; context++) {
      model.put(tableOf[context] >>> 8);
    }
    for (int i = 0; i < tables * used; i++) {
      model.put(codes[i] - (i < used ? 0 : codes[i - used]));
    }
    codedModel.clear();
    modelCodec.encode(model.bytes(), 0, model.length(), codedModel);
    if (codedModel.length() < model.length() + 1) {
      out.putUnsigned(codedModel.length());
      out.put(codedModel.bytes(), 0, codedModel.length());
    } else {
      out.putUnsigned(model.length() + 1);
      out.put(0);
      out.put(model.bytes(), 0, model.length());
    }
  }

  private void writeLanes(ByteSink out) {
    int[] starts = new int[QualityLayout.LANES];
    int[] ends = new int[QualityLayout.LANES];
    encodeLanes(starts, ends);
    for (int lane = 0; lane < QualityLayout.LANES - 1; lane++) {
      out.putUnsigned(4 * (ends[lane] - starts[lane]));
    }
    for (int lane = 0; lane < QualityLayout.LANES; lane++) {
      int words = ends[lane] - starts[lane];
      out.reserve(4 * words);
      ByteBuffer.wrap(out.bytes(), out.length(), 4 * words)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asIntBuffer()
          .put(work, starts[lane], words);
      out.advance(4 * words);
    }
  }

  /** What a lane has more than the shortest is coded first. */
  private void encodeLanes(int[] at, int[] ends) {
    long[] states = new long[QualityLayout.LANES];
    int common = Integer.MAX_VALUE;
    int room = 0;
    for (int lane = 0; lane < QualityLayout.LANES; lane++) {
      int length = laneStarts[lane + 1] - laneStarts[lane];
      common = Math.min(common, length);
      room += 1 + length / WideLane.GROUP + 2;
      at[lane] = room;
      ends[lane] = room;
      states[lane] = WideLane.START;
    }
    if (work.length < room) {
      work = new int[room];
    }
    for (int lane = 0; lane < QualityLayout.LANES; lane++) {
      encodeAlone(lane, common, at, states);
    }
    encodeTogether(common, at, states);
    for (int lane = 0; lane < QualityLayout.LANES; lane++) {
      if (laneStarts[lane] < laneStarts[lane + 1]) {
        work[--at[lane]] = (int) (states[lane] >>> 32);
        work[--at[lane]] = (int) states[lane];
      }
    }
  }

  /** Codes the end of a lane, down to so many symbols from its start. */
  private void encodeAlone(int lane, int downTo, int[] at, long[] states) {
    int from = laneStarts[lane] + downTo;
    for (int i = laneStarts[lane + 1] - WideLane.GROUP; i >= from; i -= WideLane.GROUP) {
      int first = symbols[places[i]];
      int second = symbols[places[i + 1]];
      int third = symbols[places[i + 2]];
      if (WideLane.fullMask(states[lane], first, second, third) != 0) {
        work[--at[lane]] = (int) states[lane];
        states[lane] >>>= 32;
      }
      states[lane] =
          WideLane.push(WideLane.push(WideLane.push(states[lane], third), second), first);
    }
  }

  /** Four states in four locals: their multiplications overlap. Masks where branches would fail. */
  private void encodeTogether(int common, int[] at, long[] states) {
    long x0 = states[0];
    long x1 = states[1];
    long x2 = states[2];
    long x3 = states[3];
    int at0 = at[0];
    int at1 = at[1];
    int at2 = at[2];
    int at3 = at[3];
    int from1 = laneStarts[1];
    int from2 = laneStarts[2];
    int from3 = laneStarts[3];
    int[] to = work;
    int[] found = places;
    int[] packed = symbols;
    for (int i = common - WideLane.GROUP; i >= 0; i -= WideLane.GROUP) {
      int a0 = packed[found[i]];
      int b0 = packed[found[i + 1]];
      int c0 = packed[found[i + 2]];
      int m0 = WideLane.fullMask(x0, a0, b0, c0);
      to[at0 - 1] = (int) x0;
      at0 += m0;
      x0 >>>= m0 & 32;
      int a1 = packed[found[from1 + i]];
      int b1 = packed[found[from1 + i + 1]];
      int c1 = packed[found[from1 + i + 2]];
      int m1 = WideLane.fullMask(x1, a1, b1, c1);
      to[at1 - 1] = (int) x1;
      at1 += m1;
      x1 >>>= m1 & 32;
      int a2 = packed[found[from2 + i]];
      int b2 = packed[found[from2 + i + 1]];
      int c2 = packed[found[from2 + i + 2]];
      int m2 = WideLane.fullMask(x2, a2, b2, c2);
      to[at2 - 1] = (int) x2;
      at2 += m2;
      x2 >>>= m2 & 32;
      int a3 = packed[found[from3 + i]];
      int b3 = packed[found[from3 + i + 1]];
      int c3 = packed[found[from3 + i + 2]];
      int m3 = WideLane.fullMask(x3, a3, b3, c3);
      to[at3 - 1] = (int) x3;
      at3 += m3;
      x3 >>>= m3 & 32;
      x0 = WideLane.push(x0, c0);
      x1 = WideLane.push(x1, c1);
      x2 = WideLane.push(x2, c2);
      x3 = WideLane.push(x3, c3);
      x0 = WideLane.push(x0, b0);
      x1 = WideLane.push(x1, b1);
      x2 = WideLane.push(x2, b2);
      x3 = WideLane.push(x3, b3);
      x0 = WideLane.push(x0, a0);
      x1 = WideLane.push(x1, a1);
      x2 = WideLane.push(x2, a2);
      x3 = WideLane.push(x3, a3);
    }
    states[0] = x0;
    states[1] = x1;
    states[2] = x2;
    states[3] = x3;
    at[0] = at0;
    at[1] = at1;
    at[2] = at2;
    at[3] = at3;
  }
}
