package io.nfspawn.bams3.legacy;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.Tags;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The value of a tag as the Go tool prints it before it stores it as text. */
final class GoText {
  private static final int MAX_FLOAT_DIGITS = 9;

  private GoText() {}

  /**
   * @param at where the tag starts: two letters, type, value
   * @param end where it ends
   */
  static byte[] of(byte[] bytes, int at, int end) {
    byte type = bytes[at + 2];
    return switch (type) {
      case 'A' -> new byte[] {bytes[at + 3]};
      case 'Z' -> java.util.Arrays.copyOfRange(bytes, at + 3, end - 1);
      case 'H' -> ascii(HexFormat.of().formatHex(bytes, at + 3, end - 1));
      case 'B' -> ascii(array(bytes, at + 3));
      default -> ascii(number(bytes, at + 3, type));
    };
  }

  private static String array(byte[] bytes, int at) {
    byte type = bytes[at];
    int width = Tags.elementBytes(type);
    StringBuilder text = new StringBuilder().append((char) type).append(":[");
    for (int i = 0; i < LittleEndian.int32(bytes, at + 1); i++) {
      text.append(i == 0 ? "" : " ").append(number(bytes, at + 5 + i * width, type));
    }
    return text.append(']').toString();
  }

  private static String number(byte[] bytes, int at, byte type) {
    return switch (type) {
      case 'c' -> Integer.toString(bytes[at]);
      case 'C' -> Integer.toString(bytes[at] & 0xff);
      case 's' -> Integer.toString((short) LittleEndian.uint16(bytes, at));
      case 'S' -> Integer.toString(LittleEndian.uint16(bytes, at));
      case 'I' -> Integer.toUnsignedString(LittleEndian.int32(bytes, at));
      case 'f' -> single(Float.intBitsToFloat(LittleEndian.int32(bytes, at)));
      case 'd' -> Double.toString(Double.longBitsToDouble(LittleEndian.int64(bytes, at)));
      default -> Integer.toString(LittleEndian.int32(bytes, at));
    };
  }

  /** The fewest digits that are this number, with an exponent below 1e-4 and from 1e6 on. */
  static String single(float value) {
    if (Float.isNaN(value)) {
      return "NaN";
    }
    if (Float.isInfinite(value)) {
      return value < 0 ? "-Inf" : "+Inf";
    }
    if (value == 0) {
      return Float.floatToRawIntBits(value) < 0 ? "-0" : "0";
    }
    BigDecimal shortest = shortest(value);
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    String sign = value < 0 ? "-" : "";
    if (exponent >= -4 && exponent < 6) {
      return sign + shortest.abs().toPlainString();
    }
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return "%s%c%se%s%02d"
        .formatted(sign, digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  private static BigDecimal shortest(float value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < MAX_FLOAT_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.floatValue() == value) {
        return rounded.stripTrailingZeros();
      }
    }
    return exact
        .round(new MathContext(MAX_FLOAT_DIGITS, RoundingMode.HALF_EVEN))
        .stripTrailingZeros();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
