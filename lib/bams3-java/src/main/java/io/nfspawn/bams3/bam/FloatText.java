package io.nfspawn.bams3.bam;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Floating-point tags as samtools 1.16 prints them. A single number is printed by C's {@code %g}.
 * Elements of an array between 0.0001 and 999,999 are scaled by 10^10 and rounded at the sixth
 * significant digit by adding half of it, so that ties go up rather than to the even digit; the
 * others are printed by {@code %g} too.
 */
final class FloatText {
  private static final int DIGITS = 6;
  private static final MathContext ROUNDING = new MathContext(DIGITS, RoundingMode.HALF_EVEN);
  private static final int SCALE_DIGITS = 10;
  private static final long SCALE = 10_000_000_000L;
  private static final double[] LIMITS = {0.001, 0.01, 0.1, 1, 10, 100, 1000, 1e4, 1e5};

  private FloatText() {}

  static String ofSingle(double value) {
    return signed(value, special(value, general(Math.abs(value))));
  }

  static String ofElement(double value) {
    double size = Math.abs(value);
    boolean scaled = size >= 0.0001 && size <= 999_999;
    return signed(value, special(value, scaled ? scaled(size) : general(size)));
  }

  private static String signed(double value, String text) {
    return Double.doubleToRawLongBits(value) < 0 ? "-" + text : text;
  }

  private static String special(double value, String otherwise) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    return Double.isInfinite(value) ? "inf" : otherwise;
  }

  private static String general(double size) {
    if (size == 0 || Double.isNaN(size) || Double.isInfinite(size)) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(size).round(ROUNDING);
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < DIGITS) {
      return plain(rounded);
    }
    String mantissa = plain(rounded.scaleByPowerOfTen(-exponent));
    int magnitude = Math.abs(exponent);
    return mantissa + (exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") + magnitude;
  }

  private static String scaled(double size) {
    long half = 5;
    for (int i = 0; i < LIMITS.length && size >= LIMITS[i]; i++) {
      half *= 10;
    }
    long number = (long) (size * SCALE) + half;
    long unit = 1;
    for (long rest = number; rest >= 1_000_000; rest /= 10) {
      unit *= 10;
    }
    return plain(BigDecimal.valueOf(number / unit * unit, SCALE_DIGITS));
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
