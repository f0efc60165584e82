package io.nfspawn.pipeline;

import java.nio.charset.StandardCharsets;

/**
 * Bytes of unknown encoding held as text of one char a byte: headers and VCF lines pass through
 * this program byte for byte, though most of them are UTF-8.
 */
public final class Latin1 {
  private Latin1() {}

  /** UTF-8 bytes of {@code text}, one char each. */
  public static String of(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The text whose UTF-8 bytes are the chars of {@code latin1}. */
  public static String text(String latin1) {
    return new String(bytes(latin1), StandardCharsets.UTF_8);
  }

  public static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }
}
