package io.nfspawn.protocol;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The few values of ASN.1 that a self-signed certificate is made of, in DER (X.690): tag, length,
 * content.
 *
 * <pre>
 * tag   1 byte
 * length  below 128: 1 byte; else 0x80 | n, then n bytes, big-endian
 * </pre>
 */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;

  private static final int SHORT_LENGTH = 0x80;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return value(SEQUENCE, concat(parts));
  }

  static byte[] set(byte[]... parts) {
    return value(SET, concat(parts));
  }

  static byte[] integer(BigInteger number) {
    return value(INTEGER, number.toByteArray());
  }

  /** A whole number of bytes. */
  static byte[] bitString(byte[] bits) {
    return value(BIT_STRING, concat(new byte[] {0}, bits));
  }

  static byte[] text(String text) {
    return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Years 1950 to 2049, as RFC 5280 asks for those. */
  static byte[] time(Instant instant) {
    return value(UTC_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * @param arcs the identifier's numbers; the first two share a byte
   */
  static byte[] identifier(int... arcs) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(arcs[0] * 40 + arcs[1]);
    for (int i = 2; i < arcs.length; i++) {
      base128(arcs[i], content);
    }
    return value(OBJECT_IDENTIFIER, content.toByteArray());
  }

  /** Seven bits a byte, the highest bit set on all but the last. */
  private static void base128(int arc, ByteArrayOutputStream out) {
    int digits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(arc) + 6) / 7);
    for (int digit = digits - 1; digit >= 0; digit--) {
      int bits = (arc >>> (7 * digit)) & 0x7f;
      out.write(digit == 0 ? bits : bits | 0x80);
    }
  }

  private static byte[] value(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 4);
    out.write(tag);
    if (content.length < SHORT_LENGTH) {
      out.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int from = length[0] == 0 ? 1 : 0;
      out.write(SHORT_LENGTH | (length.length - from));
      out.write(length, from, length.length - from);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
