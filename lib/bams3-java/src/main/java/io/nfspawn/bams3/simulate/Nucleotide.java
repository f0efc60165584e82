package io.nfspawn.bams3.simulate;

/** The four bases as codes 0 to 3, in the order A C G T. */
final class Nucleotide {
  private static final byte[] BASES = {'A', 'C', 'G', 'T'};

  private Nucleotide() {}

  static byte of(int code) {
    return BASES[code & 3];
  }

  static byte random(RandomStream random) {
    return of(random.nextInt(4));
  }

  /** One of the three other bases: {@code choice} is any number that is not negative. */
  static byte other(byte base, int choice) {
    return of(code(base) + 1 + choice % 3);
  }

  /** A and G, C and T: the substitution that evolution makes twice as often as the others. */
  static byte transition(byte base) {
    return of(code(base) ^ 2);
  }

  static int code(byte base) {
    return switch (base) {
      case 'A' -> 0;
      case 'C' -> 1;
      case 'G' -> 2;
      case 'T' -> 3;
      default -> throw new IllegalArgumentException("base=" + (char) base + ", not one of A C G T");
    };
  }
}
