package io.nfspawn.bams3.bam;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Floating-point tags as htslib prints them. In its fast range (0.0001 to 999,999) htslib scales by
 * 10^10 and rounds the sixth significant digit by adding half of it; that differs from C's {@code
 * %g}, which it uses elsewhere, in the last digit of some numbers, and SAM text must be equal.
 */
final class FloatText {
  private static final int DIGITS = 6;
  private static final int SCALE_DIGITS = 10;
  private static final long SCALE = 10_000_000_000L;

  private FloatText() {}

  static String of(double value) {
    if (Double.isNaN(value)) {
      return Double.doubleToRawLongBits(value) < 0 ? "-nan" : "nan";
    }
    boolean negative = Double.doubleToRawLongBits(value) < 0;
    double size = Math.abs(value);
    String text;
    if (size == 0) {
      text = "0";
    } else if (Double.isInfinite(size)) {
      text = "inf";
    } else if (size >= 0.0001 && size <= 999_999) {
      text = scaled(size);
    } else {
      text = general(size);
    }
    return negative ? "-" + text : text;
  }

  private static String scaled(double value) {
    long half = 5;
    for (double limit = 0.001; limit < 1e6 && value >= limit; limit = nextLimit(limit)) {
      half *= 10;
    }
    long number = (long) (value * SCALE) + half;
    long unit = 1;
    for (long rest = number; rest >= 1_000_000; rest /= 10) {
      unit *= 10;
    }
    return plain(BigDecimal.valueOf(number / unit * unit, SCALE_DIGITS));
  }

  /** The limits are decimal literals, not products, so that each is the double nearest to it. */
  private static double nextLimit(double limit) {
    if (limit == 0.001) {
      return 0.01;
    }
    if (limit == 0.01) {
      return 0.1;
    }
    return limit == 0.1 ? 1 : limit * 10;
  }

  /** C's {@code %g}. */
  private static String general(double value) {
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < DIGITS) {
      return plain(rounded);
    }
    String mantissa = plain(rounded.scaleByPowerOfTen(-exponent));
    int size = Math.abs(exponent);
    return mantissa + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
