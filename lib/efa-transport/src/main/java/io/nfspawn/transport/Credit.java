package io.nfspawn.transport;

/**
 * How much may be under way and not acknowledged. One item may always be under way, however large
 * it is.
 *
 * @param items number of items, at least 1
 * @param bytes payload bytes of all of them, at least 1
 */
public record Credit(int items, long bytes) {
  /** Enough to hide a round trip behind work on megabyte items. */
  public static final Credit DEFAULT = new Credit(4, 64L << 20);

  public Credit {
    if (items < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "credit must be at least 1 item and 1 byte, got " + items + " items and " + bytes);
    }
  }

  /** True when {@code more} bytes fit beside what is under way. */
  public boolean admits(long itemsUnderWay, long bytesUnderWay, long more) {
    return itemsUnderWay == 0 || (itemsUnderWay < items && bytesUnderWay + more <= bytes);
  }
}
