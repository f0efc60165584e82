package io.nfspawn.bams3.codec;

import io.nfspawn.bams3.LittleEndian;

/**
 * The arithmetic of a lane of qualities: a state from 2^30 to 2^62 - 1, so wide that it is refilled
 * by 32 bits and only after three symbols of 2^10 slots. Division is by multiplication with a
 * reciprocal, exact for every state.
 *
 * <p>The {@link #symbol} of an encoder packs what a step needs: bits 0-11 cumulative frequency, one
 * less than the total added where the frequency is 1; 12-23 frequency; 24-27 shift.
 */
final class WideLane {
  static final long START = 1L << 30;
  static final int BITS = 10;
  static final int TOTAL = 1 << BITS;
  static final int SLOTS = TOTAL - 1;

  /** Symbols between two refills; at the end of a run there may be fewer. */
  static final int GROUP = 3;

  private static final long[] RECIPROCALS = reciprocals();

  private WideLane() {}

  /** Rounded up, of 63 bits; the greatest there is for 1, whose quotients are one too small. */
  private static long[] reciprocals() {
    long[] table = new long[TOTAL + 1];
    table[1] = Long.MAX_VALUE;
    for (int f = 2; f <= TOTAL; f++) {
      int shift = ceilingLog2(f);
      long quotient = (1L << 62) / f;
      long rest = (1L << 62) % f;
      table[f] = (quotient << shift) + ((rest << shift) + f - 1) / f;
    }
    return table;
  }

  private static int ceilingLog2(int value) {
    return 32 - Integer.numberOfLeadingZeros(value - 1);
  }

  static int symbol(int frequency, int cumulative) {
    return frequency == 1
        ? 1 << 12 | (cumulative + TOTAL - 1)
        : (ceilingLog2(frequency) - 1) << 24 | frequency << 12 | cumulative;
  }

  static int frequency(int symbol) {
    return (symbol >>> 12) & 0xfff;
  }

  /** The state after a symbol, once the state is below the limit of its group. */
  static long push(long state, int symbol) {
    int frequency = frequency(symbol);
    long quotient = Math.multiplyHigh(state << 1, RECIPROCALS[frequency]) >>> (symbol >>> 24);
    return state + (symbol & 0xfff) + quotient * (TOTAL - frequency);
  }

  /** -1 when 32 bits must leave the state before a whole group is pushed, else 0. */
  static int fullMask(long state, int first, int second, int third) {
    int product = frequency(first) * frequency(second) * frequency(third);
    return (product - 1 - (int) (state >>> 32)) >> 31;
  }

  static long firstState(byte[] bytes, int at, int lengthBytes) throws CodecException {
    if (lengthBytes < 8 || (lengthBytes & 3) != 0) {
      throw new CodecException("has a lane of %d bytes".formatted(lengthBytes));
    }
    long state = LittleEndian.int64(bytes, at);
    if (state < START || state >>> 62 != 0) {
      throw new CodecException("has a lane that starts with " + Long.toUnsignedString(state));
    }
    return state;
  }

  static void checkLast(long state, int at, int end) throws CodecException {
    if (state != START || at != end) {
      throw new CodecException("has a lane that does not end as it was begun");
    }
  }
}
