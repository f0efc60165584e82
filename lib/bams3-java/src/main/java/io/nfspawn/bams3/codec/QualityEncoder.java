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

  /** For each quality the place of its symbol in its context's table. */
  private int[] places = new int[1 << 16];

  private int[] counts = new int[0];
  private long[] symbols = new long[0];
  private byte[] codes = new byte[0];
  private int[] tableOf = new int[0];

  /** What leaves the states, each lane from its end backwards, behind one word of slack. */
  private char[] work = new char[0];

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
      symbols = new long[contexts * width];
    } else {
      Arrays.fill(counts, 0, contexts * width, 0);
    }
    count(qualities, layout);
    makeTables();
    writeHead(reversed, out);
    writeLanes(layout, out);
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
      starts[EARLY_CYCLES.length + fifth - 1] = longest * fifth / 5;
    }
    return starts;
  }

  /** Finds the place of each quality and counts them. */
  private void count(byte[] qualities, QualityLayout layout) {
    if (places.length < layout.symbols()) {
      places = new int[Math.max(layout.symbols(), 2 * places.length)];
    }
    int at = 0;
    int lane = 1;
    int laneStart = layout.laneStart(1);
    for (int record = 0; record < layout.records(); record++) {
      int start = at;
      int end = at + layout.length(record);
      int previous = used;
      for (int band = 0; at < end; band++) {
        int bandEnd = band < bandStarts.length ? Math.min(end, start + bandStarts[band]) : end;
        int base = (layout.readClass(record) * (bandStarts.length + 1) + band) * (used + 1);
        while (at < bandEnd) {
          while (at == laneStart && lane < QualityLayout.LANES) {
            previous = used;
            laneStart = layout.laneStart(++lane);
          }
          int runEnd = at < laneStart ? Math.min(bandEnd, laneStart) : bandEnd;
          previous = countRun(qualities, at, runEnd, base, previous);
          at = runEnd;
        }
      }
    }
  }

  private int countRun(byte[] qualities, int from, int to, int base, int before) {
    int previous = before;
    int[] found = places;
    for (int i = from; i < to; i++) {
      int symbol = indexOf[qualities[i] & 0xff];
      int place = (base + previous) * width + symbol;
      counts[place]++;
      found[i] = place;
      previous = symbol;
    }
    return previous;
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
        Frequencies.quantise(counts, from, used, codes, tables * used);
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
    Frequencies.quantise(rare, 0, used, codes, 0);
    for (int context = 0; context < contexts; context++) {
      packSymbols(context);
    }
  }

  private void packSymbols(int context) {
    int table = tableOf[context];
    int to = context * width;
    try {
      Frequencies.expand(codes, table * used, used, frequencies, 0);
    } catch (CodecException e) {
      throw new IllegalStateException(e);
    }
    int cumulative = 0;
    for (int i = 0; i < used; i++) {
      symbols[to + i] = RansLane.symbol(frequencies[i], cumulative);
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

  private void writeLanes(QualityLayout layout, ByteSink out) {
    int laneWords = layout.laneStart(1) + 3;
    if (work.length < QualityLayout.LANES * laneWords) {
      work = new char[QualityLayout.LANES * laneWords];
    }
    int[] starts = encodeLanes(layout, laneWords);
    for (int lane = 0; lane < QualityLayout.LANES - 1; lane++) {
      out.putUnsigned(2 * ((lane + 1) * laneWords - starts[lane]));
    }
    for (int lane = 0; lane < QualityLayout.LANES; lane++) {
      int words = (lane + 1) * laneWords - starts[lane];
      out.reserve(2 * words);
      ByteBuffer.wrap(out.bytes(), out.length(), 2 * words)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asCharBuffer()
          .put(work, starts[lane], words);
      out.advance(2 * words);
    }
  }

  /** The last lane may be shorter: what the others have more is coded first, lane by lane. */
  private int[] encodeLanes(QualityLayout layout, int laneWords) {
    int[] at = new int[QualityLayout.LANES];
    int[] states = new int[QualityLayout.LANES];
    int common = layout.symbols() - layout.laneStart(QualityLayout.LANES - 1);
    for (int lane = 0; lane < QualityLayout.LANES; lane++) {
      at[lane] = (lane + 1) * laneWords;
      states[lane] = RansLane.START;
      int from = layout.laneStart(lane);
      for (int i = layout.laneStart(lane + 1) - 1; i >= from + common; i--) {
        long symbol = symbols[places[i]];
        if (RansLane.isFull(states[lane], symbol)) {
          work[--at[lane]] = (char) states[lane];
          states[lane] >>>= 16;
        }
        states[lane] = RansLane.push(states[lane], symbol);
      }
    }
    encodeTogether(layout, common, at, states);
    for (int lane = 0; lane < QualityLayout.LANES; lane++) {
      if (layout.laneStart(lane) < layout.laneStart(lane + 1)) {
        work[--at[lane]] = (char) (states[lane] >>> 16);
        work[--at[lane]] = (char) states[lane];
      }
    }
    return at;
  }

  /** Four states in four locals: their multiplications overlap. Masks where branches would fail. */
  private void encodeTogether(QualityLayout layout, int common, int[] at, int[] states) {
    int x0 = states[0];
    int x1 = states[1];
    int x2 = states[2];
    int x3 = states[3];
    int at0 = at[0];
    int at1 = at[1];
    int at2 = at[2];
    int at3 = at[3];
    int run = layout.laneStart(1);
    char[] to = work;
    int[] found = places;
    long[] packed = symbols;
    for (int i = common - 1; i >= 0; i--) {
      long s0 = packed[found[i]];
      long s1 = packed[found[i + run]];
      long s2 = packed[found[i + 2 * run]];
      long s3 = packed[found[i + 3 * run]];
      int m0 = RansLane.fullMask(x0, s0);
      to[at0 - 1] = (char) x0;
      at0 += m0;
      x0 >>>= m0 & 16;
      int m1 = RansLane.fullMask(x1, s1);
      to[at1 - 1] = (char) x1;
      at1 += m1;
      x1 >>>= m1 & 16;
      int m2 = RansLane.fullMask(x2, s2);
      to[at2 - 1] = (char) x2;
      at2 += m2;
      x2 >>>= m2 & 16;
      int m3 = RansLane.fullMask(x3, s3);
      to[at3 - 1] = (char) x3;
      at3 += m3;
      x3 >>>= m3 & 16;
      x0 = RansLane.push(x0, s0);
      x1 = RansLane.push(x1, s1);
      x2 = RansLane.push(x2, s2);
      x3 = RansLane.push(x3, s3);
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
