package io.nfspawn.transport.core;

import java.util.Arrays;

/**
 * The greatest of the keys so far, where runs of digits compare as the numbers they are and come
 * after all else: {@code header}, {@code 0:99}, {@code 0:100}, {@code 1:0}. A key above it is new,
 * and nobody has to look for it. Not thread-safe.
 */
final class KeyOrder {
  private static final int DIGITS_LAST = 256;

  private byte[] greatest = new byte[32];
  private int length;

  /** True when the key is above all of which {@link #add} was told. */
  boolean isAbove(byte[] bytes, int from, int to) {
    int at = Arrays.mismatch(bytes, from, to, greatest, 0, length);
    if (at < 0) {
      return false;
    }
    int digits = digits(bytes, from + at, to);
    int itsDigits = digits(greatest, at, length);
    boolean inNumber = at > 0 && isDigit(greatest[at - 1]);
    if (digits != itsDigits && (inNumber || (digits > 0 && itsDigits > 0))) {
      return digits > itsDigits;
    }
    return at == length || (from + at < to && rank(bytes[from + at]) > rank(greatest[at]));
  }

  /** The key is the greatest from now on. */
  void add(byte[] bytes, int from, int to) {
    length = to - from;
    if (greatest.length < length) {
      greatest = new byte[2 * length];
    }
    System.arraycopy(bytes, from, greatest, 0, length);
  }

  /** Length of the run of digits that begins, or goes on, at {@code from}. */
  private static int digits(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && isDigit(bytes[at])) {
      at++;
    }
    return at - from;
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }

  private static int rank(byte value) {
    return (value & 0xff) + (isDigit(value) ? DIGITS_LAST : 0);
  }
}
