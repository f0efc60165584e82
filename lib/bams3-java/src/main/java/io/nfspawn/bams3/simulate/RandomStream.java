package io.nfspawn.bams3.simulate;

/**
 * SplitMix64 (Steele, Lea and Flood 2014): the same numbers from the same seed on every JDK, which
 * {@link java.util.SplittableRandom} does not promise. Not thread-safe.
 */
final class RandomStream {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  private RandomStream(long state) {
    this.state = state;
  }

  /** An independent stream for each purpose, so that a change to one leaves the others' draws. */
  static RandomStream of(long seed, String purpose) {
    long state = mix(seed + GOLDEN_GAMMA);
    for (int i = 0; i < purpose.length(); i++) {
      state = mix(state * 31 + purpose.charAt(i) + GOLDEN_GAMMA);
    }
    return new RandomStream(state);
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  int nextInt(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** Both ends inclusive. */
  int between(int least, int most) {
    return least + nextInt(most - least + 1);
  }

  double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  boolean chance(double probability) {
    return nextDouble() < probability;
  }

  /** Standard normal to six deviations, as a sum of twelve uniforms: no transcendental function. */
  double nextGaussian() {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += nextDouble();
    }
    return sum;
  }

  /** 1, 2, 3 … where each further step is taken with this probability. */
  int nextGeometric(double further, int most) {
    int n = 1;
    while (n < most && chance(further)) {
      n++;
    }
    return n;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
