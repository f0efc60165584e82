package io.nfspawn.bams3.codec;

import io.nfspawn.bams3.LittleEndian;

/**
 * The arithmetic of one lane: a state from 2^15 to 2^31 - 1, refilled 16 bits at a time. After J.
 * Duda, "Asymmetric numeral systems", and F. Giesen's rans_byte; division is by multiplication with
 * a reciprocal, exact for every state.
 *
 * <p>The {@link #symbol} of an encoder packs what a step needs: bits 0-11 cumulative frequency,
 * 12-24 frequency, 25-28 shift - 63, 32-63 reciprocal.
 */
final class RansLane {
  static final int START = 1 << 15;
  static final int BITS = 12;
  static final int TOTAL = 1 << BITS;
  static final int SLOTS = TOTAL - 1;

  /** Reciprocal and shift of every frequency, as they lie in a packed symbol. */
  private static final long[] RECIPROCALS = reciprocals();

  private RansLane() {}

  private static long[] reciprocals() {
    long[] table = new long[TOTAL + 1];
    for (int f = 1; f <= TOTAL; f++) {
      int extra = 32 - Integer.numberOfLeadingZeros(f - 1);
      long reciprocal = ((1L << (31 + extra)) + f - 1) / f;
      table[f] = reciprocal << 32 | (long) extra << 25 | (long) f << 12;
    }
    return table;
  }

  static long symbol(int frequency, int cumulative) {
    return RECIPROCALS[frequency] | cumulative;
  }

  /** The state after a symbol, once the state is below the symbol's limit. */
  static int push(int state, long symbol) {
    int low = (int) symbol;
    int quotient = (int) ((state * (symbol >>> 32)) >>> (31 + ((low >>> 25) & 0xf)));
    return state + (low & SLOTS) + quotient * (TOTAL - ((low >>> 12) & 0x1fff));
  }

  /** Whether 16 bits must leave the state before a symbol is pushed. */
  static boolean isFull(int state, long symbol) {
    return state >>> 19 >= (((int) symbol >>> 12) & 0x1fff);
  }

  static int firstState(byte[] bytes, int at, int end) throws CodecException {
    if (end - at < 4) {
      throw new CodecException("has a lane of %d bytes".formatted(end - at));
    }
    int state = LittleEndian.int32(bytes, at);
    if (state < START) {
      throw new CodecException("has a lane that starts with " + Integer.toUnsignedString(state));
    }
    return state;
  }

  static void checkLast(int state, int at, int end) throws CodecException {
    if (state != START || at != end) {
      throw new CodecException("has a lane that does not end as it was begun");
    }
  }
}
