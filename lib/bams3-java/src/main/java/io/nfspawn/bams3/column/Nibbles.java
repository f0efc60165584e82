package io.nfspawn.bams3.column;

import java.nio.charset.StandardCharsets;

/** Codes of bases: 4 bits as BAM has them, 2 bits for A, C, G and T. */
final class Nibbles {
  static final int UNKNOWN = 15;
  static final byte[] LETTERS = "=ACMGRSVTWYHKDBN".getBytes(StandardCharsets.US_ASCII);

  /** Nibble of each base code. */
  static final byte[] OF_CODE = {1, 2, 4, 8};

  /** Base code of each nibble; 4 when it has none. */
  static final byte[] CODES = {4, 0, 1, 4, 2, 4, 4, 4, 3, 4, 4, 4, 4, 4, 4, 4};

  private static final byte[] OF_LETTER = ofLetter();

  private Nibbles() {}

  private static byte[] ofLetter() {
    byte[] table = new byte[128];
    for (int i = 0; i < LETTERS.length; i++) {
      table[LETTERS[i]] = (byte) i;
      table[Character.toLowerCase(LETTERS[i])] = (byte) i;
    }
    return table;
  }

  /** Nibble of a letter; 0 for what is no base. */
  static int ofLetter(int letter) {
    return letter < 0 ? 0 : OF_LETTER[letter];
  }

  static int get(byte[] bytes, int at, int index) {
    int pair = bytes[at + (index >> 1)];
    return (index & 1) == 0 ? (pair >> 4) & 0xf : pair & 0xf;
  }
}
