package io.nfspawn.bams3.codec;

import io.nfspawn.bams3.LittleEndian;
import java.util.Arrays;

/**
 * Codec 2: order-0 entropy coding of bytes, for small columns of few values. Reused for many
 * columns; not thread-safe.
 *
 * <pre>
 * u8 lanes (1 or 4)   u8 S - 1   S symbols   S codes   lengths of all lanes but the last   lanes
 * </pre>
 */
public final class ByteRans {
  /** Below this one lane is smaller and quick enough. */
  private static final int LANES_FROM_BYTES = 1 << 12;

  /** Symbols of a lane that are decoded between two looks at what is left of it. */
  private static final int BLOCK = 32;

  private final int[] counts = new int[256];
  private final int[] frequencies = new int[256];
  private final byte[] codes = new byte[256];
  private final byte[] alphabet = new byte[256];
  private final long[] symbols = new long[256];
  private final byte[] slots = new byte[RansLane.TOTAL];
  private final int[] steps = new int[256];

  /** Of each lane: the state, the next word and the words' end, the symbols' start and end. */
  private final int[] state = new int[4];

  private final int[] wordAt = new int[4];
  private final int[] wordEnd = new int[4];
  private final int[] symbolAt = new int[4];
  private final int[] symbolEnd = new int[4];

  private byte[] work = new byte[1 << 12];

  /**
   * Appends the coded bytes.
   *
   * @param length at least 1
   */
  public void encode(byte[] raw, int offset, int length, ByteSink out) {
    int used = model(raw, offset, length);
    int lanes = length < LANES_FROM_BYTES ? 1 : 4;
    out.put(lanes);
    out.put(used - 1);
    out.put(alphabet, 0, used);
    out.put(codes, 0, used);
    if (work.length < 2 * length + 4 * lanes) {
      work = new byte[2 * length + 4 * lanes];
    }
    int[] starts = new int[lanes];
    int[] ends = new int[lanes];
    int run = (length + lanes - 1) / lanes;
    int limit = 0;
    for (int lane = 0; lane < lanes; lane++) {
      int from = Math.min(length, lane * run);
      int to = Math.min(length, from + run);
      limit += 2 * (to - from) + 4;
      ends[lane] = limit;
      starts[lane] = from == to ? limit : encodeLane(raw, offset + from, offset + to, limit);
      if (lane < lanes - 1) {
        out.putUnsigned(ends[lane] - starts[lane]);
      }
    }
    for (int lane = 0; lane < lanes; lane++) {
      out.put(work, starts[lane], ends[lane] - starts[lane]);
    }
  }

  /** Counts and quantises; returns the number of distinct bytes. */
  private int model(byte[] raw, int offset, int length) {
    Arrays.fill(counts, 0);
    for (int i = offset; i < offset + length; i++) {
      counts[raw[i] & 0xff]++;
    }
    int used = 0;
    for (int value = 0; value < 256; value++) {
      if (counts[value] > 0) {
        alphabet[used] = (byte) value;
        counts[used++] = counts[value];
      }
    }
    Frequencies.quantise(counts, 0, used, codes, 0, RansLane.TOTAL);
    try {
      Frequencies.expand(codes, 0, used, frequencies, 0, RansLane.TOTAL);
    } catch (CodecException e) {
      throw new IllegalStateException(e);
    }
    int cumulative = 0;
    for (int i = 0; i < used; i++) {
      symbols[alphabet[i] & 0xff] = RansLane.symbol(frequencies[i], cumulative);
      cumulative += frequencies[i];
    }
    return used;
  }

  /** Writes a lane that ends at a limit of the work buffer; returns where it starts. */
  private int encodeLane(byte[] raw, int from, int to, int limit) {
    int state = RansLane.START;
    int at = limit;
    for (int i = to - 1; i >= from; i--) {
      long symbol = symbols[raw[i] & 0xff];
      if (RansLane.isFull(state, symbol)) {
        at -= 2;
        LittleEndian.putInt16(work, at, state);
        state >>>= 16;
      }
      state = RansLane.push(state, symbol);
    }
    at -= 4;
    LittleEndian.putInt32(work, at, state);
    return at;
  }

  /** Decodes exactly so many bytes from all that is left of a source. */
  public void decode(ByteSource in, byte[] raw, int offset, int length) throws CodecException {
    int lanes = in.next();
    if (lanes != 1 && lanes != 4) {
      throw new CodecException("has %d lanes, 1 or 4 are possible".formatted(lanes));
    }
    int used = in.next() + 1;
    System.arraycopy(in.bytes(), in.skip(used), alphabet, 0, used);
    System.arraycopy(in.bytes(), in.skip(used), codes, 0, used);
    prepare(used);
    int[] sizes = new int[lanes];
    for (int lane = 0; lane < lanes - 1; lane++) {
      sizes[lane] = in.nextCount();
    }
    long rest = in.remaining();
    for (int lane = 0; lane < lanes - 1; lane++) {
      rest -= sizes[lane];
    }
    sizes[lanes - 1] = (int) Math.max(-1, rest);
    int run = (int) (((long) length + lanes - 1) / lanes);
    for (int lane = 0; lane < lanes; lane++) {
      int from = (int) Math.min(length, (long) lane * run);
      int to = (int) Math.min(length, (long) from + run);
      start(lane, in.bytes(), in.skip(sizes[lane]), sizes[lane], offset + from, offset + to);
    }
    int together = lanes == 4 ? decodeTogether(in.bytes(), raw) : 0;
    for (int lane = 0; lane < lanes; lane++) {
      if (symbolAt[lane] < symbolEnd[lane]) {
        finish(lane, in.bytes(), raw, together);
      }
    }
  }

  private void start(int lane, byte[] in, int at, int lengthBytes, int from, int to)
      throws CodecException {
    symbolAt[lane] = from;
    symbolEnd[lane] = to;
    wordEnd[lane] = at + lengthBytes;
    if (from < to) {
      state[lane] = RansLane.firstState(in, at, wordEnd[lane]);
      wordAt[lane] = at + 4;
    } else if (lengthBytes > 0) {
      throw new CodecException("has bytes in a lane without symbols");
    }
  }

  /** Decodes from all four lanes while none can end; returns how many symbols of each. */
  private int decodeTogether(byte[] in, byte[] raw) {
    int done = 0;
    while (haveBlock(done)) {
      decodeBlock(in, raw, done);
      done += BLOCK;
    }
    return done;
  }

  private boolean haveBlock(int done) {
    boolean have = true;
    for (int lane = 0; lane < 4; lane++) {
      have &= symbolEnd[lane] - symbolAt[lane] - done >= BLOCK;
      have &= wordEnd[lane] - wordAt[lane] >= 2 * BLOCK;
    }
    return have;
  }

  /** Masks where branches would fail. */
  private void decodeBlock(byte[] in, byte[] raw, int done) {
    byte[] meaning = slots;
    int[] packed = steps;
    int x0 = state[0];
    int x1 = state[1];
    int x2 = state[2];
    int x3 = state[3];
    int at0 = wordAt[0];
    int at1 = wordAt[1];
    int at2 = wordAt[2];
    int at3 = wordAt[3];
    int to0 = symbolAt[0] + done;
    int to1 = symbolAt[1] + done;
    int to2 = symbolAt[2] + done;
    int to3 = symbolAt[3] + done;
    for (int i = 0; i < BLOCK; i++) {
      byte s0 = meaning[x0 & RansLane.SLOTS];
      byte s1 = meaning[x1 & RansLane.SLOTS];
      byte s2 = meaning[x2 & RansLane.SLOTS];
      byte s3 = meaning[x3 & RansLane.SLOTS];
      raw[to0 + i] = s0;
      raw[to1 + i] = s1;
      raw[to2 + i] = s2;
      raw[to3 + i] = s3;
      x0 = pop(x0, packed[s0 & 0xff]);
      x1 = pop(x1, packed[s1 & 0xff]);
      x2 = pop(x2, packed[s2 & 0xff]);
      x3 = pop(x3, packed[s3 & 0xff]);
      int m0 = (x0 - RansLane.START) >> 31;
      int m1 = (x1 - RansLane.START) >> 31;
      int m2 = (x2 - RansLane.START) >> 31;
      int m3 = (x3 - RansLane.START) >> 31;
      x0 = x0 << (m0 & 16) | (LittleEndian.uint16(in, at0) & m0);
      x1 = x1 << (m1 & 16) | (LittleEndian.uint16(in, at1) & m1);
      x2 = x2 << (m2 & 16) | (LittleEndian.uint16(in, at2) & m2);
      x3 = x3 << (m3 & 16) | (LittleEndian.uint16(in, at3) & m3);
      at0 -= 2 * m0;
      at1 -= 2 * m1;
      at2 -= 2 * m2;
      at3 -= 2 * m3;
    }
    state[0] = x0;
    state[1] = x1;
    state[2] = x2;
    state[3] = x3;
    wordAt[0] = at0;
    wordAt[1] = at1;
    wordAt[2] = at2;
    wordAt[3] = at3;
  }

  private static int pop(int state, int step) {
    return (step >>> RansLane.BITS) * (state >>> RansLane.BITS)
        + (state & RansLane.SLOTS)
        - (step & RansLane.SLOTS);
  }

  private void prepare(int used) throws CodecException {
    Frequencies.expand(codes, 0, used, frequencies, 0, RansLane.TOTAL);
    int cumulative = 0;
    for (int i = 0; i < used; i++) {
      if (i > 0 && (alphabet[i] & 0xff) <= (alphabet[i - 1] & 0xff)) {
        throw new CodecException("has symbols that do not ascend");
      }
      int frequency = frequencies[i];
      Arrays.fill(slots, cumulative, cumulative + frequency, alphabet[i]);
      steps[alphabet[i] & 0xff] = frequency << RansLane.BITS | cumulative;
      cumulative += frequency;
    }
  }

  /** Decodes what is left of a lane, alone. */
  private void finish(int lane, byte[] in, byte[] raw, int done) throws CodecException {
    byte[] meaning = slots;
    int[] packed = steps;
    int x = state[lane];
    int at = wordAt[lane];
    int end = wordEnd[lane];
    int to = symbolEnd[lane];
    for (int i = symbolAt[lane] + done; i < to; i++) {
      byte symbol = meaning[x & RansLane.SLOTS];
      raw[i] = symbol;
      x = pop(x, packed[symbol & 0xff]);
      if (x < RansLane.START) {
        if (end - at < 2) {
          throw new CodecException("has a lane that ends too early");
        }
        x = x << 16 | LittleEndian.uint16(in, at);
        at += 2;
      }
    }
    RansLane.checkLast(x, at, end);
  }
}
