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
  private static final int LANES_FROM_BYTES = 1 << 15;

  private final int[] counts = new int[256];
  private final int[] frequencies = new int[256];
  private final byte[] codes = new byte[256];
  private final byte[] alphabet = new byte[256];
  private final long[] symbols = new long[256];
  private final byte[] slots = new byte[RansLane.TOTAL];
  private final int[] steps = new int[256];
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
      int start = in.skip(sizes[lane]);
      decodeLane(in.bytes(), start, start + sizes[lane], raw, offset + from, offset + to);
    }
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

  private void decodeLane(byte[] in, int start, int end, byte[] raw, int from, int to)
      throws CodecException {
    if (from == to) {
      if (start != end) {
        throw new CodecException("has bytes in a lane without symbols");
      }
      return;
    }
    byte[] meaning = slots;
    int[] packed = steps;
    int state = RansLane.firstState(in, start, end);
    int at = start + 4;
    for (int i = from; i < to; i++) {
      int slot = state & RansLane.SLOTS;
      byte symbol = meaning[slot];
      raw[i] = symbol;
      int step = packed[symbol & 0xff];
      state = (step >>> RansLane.BITS) * (state >>> RansLane.BITS) + slot - (step & RansLane.SLOTS);
      if (state < RansLane.START) {
        if (end - at < 2) {
          throw new CodecException("has a lane that ends too early");
        }
        state = state << 16 | LittleEndian.uint16(in, at);
        at += 2;
      }
    }
    RansLane.checkLast(state, at, end);
  }
}
