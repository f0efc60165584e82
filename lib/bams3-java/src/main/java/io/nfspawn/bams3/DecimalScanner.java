package io.nfspawn.bams3;

/**
 * Reads numbers as samtools does in regions: {@code 1,000}, {@code 1.5M}, {@code 2e6}; k, M and G
 * are powers of 1000 here, because regions follow samtools.
 */
final class DecimalScanner {
  private static final long LIMIT = Long.MAX_VALUE / 10 - 9;

  private final String text;
  private int at;

  DecimalScanner(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /** Steps over a character if it is the next. */
  boolean skip(char expected) {
    if (!atEnd() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  /** The next number; 0 when there are no digits. */
  long next() {
    boolean negative = skip('-');
    long number = digits(0, true);
    int scale = 0;
    if (skip('.')) {
      int before = at;
      number = digits(number, false);
      scale = before - at;
    }
    scale += exponent();
    for (; scale > 0 && number < LIMIT; scale--) {
      number *= 10;
    }
    for (; scale < 0; scale++) {
      number /= 10;
    }
    return negative ? -number : number;
  }

  private int exponent() {
    if (skip('k') || skip('K')) {
      return 3;
    }
    if (skip('m') || skip('M')) {
      return 6;
    }
    if (skip('g') || skip('G')) {
      return 9;
    }
    if (skip('e') || skip('E')) {
      boolean negative = skip('-');
      int exponent = (int) Math.min(99, digits(0, false));
      return negative ? -exponent : exponent;
    }
    return 0;
  }

  private long digits(long start, boolean thousands) {
    long number = start;
    for (; !atEnd(); at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        number = number < LIMIT ? number * 10 + (c - '0') : LIMIT;
      } else if (!(thousands && c == ',')) {
        break;
      }
    }
    return number;
  }
}
