package io.nfspawn.transport;

import java.nio.charset.StandardCharsets;

/**
 * Names one item for ever: the same work has the same key however often it is sent, and that is
 * what duplicates are dropped by.
 *
 * @param value 1 to {@value #MAX_BYTES} bytes of UTF-8, e.g. {@code 0:65536}
 */
public record ItemKey(String value) {
  /** Longest key in bytes of UTF-8. */
  public static final int MAX_BYTES = 1024;

  private static final int MOST_BYTES_A_CHAR = 3;

  public ItemKey {
    int length = value.length();
    if (length < 1 || length > MAX_BYTES / MOST_BYTES_A_CHAR) {
      check(value.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  private static void check(int lengthBytes) {
    if (lengthBytes < 1 || lengthBytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "key has " + lengthBytes + " bytes, allowed are 1 to " + MAX_BYTES);
    }
  }

  public static ItemKey of(String value) {
    return new ItemKey(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
