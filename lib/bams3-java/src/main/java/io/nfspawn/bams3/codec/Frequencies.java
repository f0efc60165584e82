package io.nfspawn.bams3.codec;

/**
 * Tables of symbol frequencies that add up to a power of two, at most {@link #MAX_TOTAL}. A
 * frequency is stored as a code of one byte: exact below 8, then four steps an octave, which costs
 * under 0.1 % of the coded size.
 */
final class Frequencies {
  static final int MAX_TOTAL = 1 << 12;
  static final int MAX_CODE = 44;

  private Frequencies() {}

  /** Code of the step nearest to a frequency from 1 to a total. */
  static int codeOf(int frequency, int total) {
    if (frequency < 8) {
      return frequency;
    }
    int rounded =
        Math.min(total, frequency + (1 << (29 - Integer.numberOfLeadingZeros(frequency))) / 2);
    int octave = 31 - Integer.numberOfLeadingZeros(rounded);
    return 8 + (octave - 3) * 4 + ((rounded >> (octave - 2)) & 3);
  }

  static int weightOf(int code) {
    return code < 8 ? code : (4 + (code & 3)) << ((code >> 2) - 1);
  }

  /** Turns counts, of which one at least is positive, into codes. */
  static void quantise(int[] counts, int from, int symbols, byte[] codes, int to, int total) {
    long occurrences = 0;
    for (int i = 0; i < symbols; i++) {
      occurrences += counts[from + i];
    }
    for (int i = 0; i < symbols; i++) {
      int count = counts[from + i];
      int code = 0;
      if (count > 0) {
        int frequency = (int) (((long) count * total + (occurrences >>> 1)) / occurrences);
        code = codeOf(Math.max(1, frequency), total);
      }
      codes[to + i] = (byte) code;
    }
  }

  /** Turns codes into frequencies that add up to a total. */
  static void expand(byte[] codes, int from, int symbols, int[] frequencies, int to, int total)
      throws CodecException {
    int weights = 0;
    for (int i = 0; i < symbols; i++) {
      int code = codes[from + i];
      if (code < 0 || code > MAX_CODE) {
        throw new CodecException("has a frequency code " + (code & 0xff));
      }
      weights += weightOf(code);
    }
    if (weights == 0) {
      throw new CodecException("has a table without symbols");
    }
    int sum = 0;
    int greatest = 0;
    for (int i = 0; i < symbols; i++) {
      int weight = weightOf(codes[from + i]);
      int frequency = weight == 0 ? 0 : Math.max(1, weight * total / weights);
      frequencies[to + i] = frequency;
      sum += frequency;
      if (frequency > frequencies[to + greatest]) {
        greatest = i;
      }
    }
    if (sum <= total) {
      frequencies[to + greatest] += total - sum;
    } else {
      reduce(frequencies, to, symbols, sum - total);
    }
  }

  private static void reduce(int[] frequencies, int at, int symbols, int excess) {
    for (int rest = excess; rest > 0; rest--) {
      int greatest = at;
      for (int i = at + 1; i < at + symbols; i++) {
        if (frequencies[i] > frequencies[greatest]) {
          greatest = i;
        }
      }
      frequencies[greatest]--;
    }
  }
}
