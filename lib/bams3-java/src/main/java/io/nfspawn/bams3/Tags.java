package io.nfspawn.bams3;

/** Steps over the tags of a record. Source: SAM specification, section 4.2.4. */
public final class Tags {
  private Tags() {}

  /**
   * Offset of a tag's first letter, or -1 when the record has none of that name.
   *
   * @param start where the tags start
   * @param end where the record ends
   */
  public static int find(byte[] bytes, int start, int end, char first, char second) {
    int at = start;
    while (at >= 0 && at + 3 < end) {
      if (bytes[at] == first && bytes[at + 1] == second) {
        return next(bytes, at, end) < 0 ? -1 : at;
      }
      at = next(bytes, at, end);
    }
    return -1;
  }

  /** Offset of the tag after the one at an offset; {@code end} after the last; -1 when broken. */
  public static int next(byte[] bytes, int at, int end) {
    if (at + 3 > end) {
      return -1;
    }
    long next =
        switch (bytes[at + 2]) {
          case 'A', 'c', 'C' -> at + 4L;
          case 's', 'S' -> at + 5L;
          case 'i', 'I', 'f' -> at + 7L;
          case 'd' -> at + 11L;
          case 'Z', 'H' -> endOfText(bytes, at + 3, end);
          case 'B' -> endOfArray(bytes, at, end);
          default -> -1;
        };
    return next < 0 || next > end ? -1 : (int) next;
  }

  private static long endOfText(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] == 0) {
        return at + 1L;
      }
    }
    return -1;
  }

  private static long endOfArray(byte[] bytes, int at, int end) {
    if (at + 8 > end) {
      return -1;
    }
    int width = elementBytes(bytes[at + 3]);
    int count = LittleEndian.int32(bytes, at + 4);
    return width == 0 || count < 0 ? -1 : at + 8L + (long) width * count;
  }

  /** Bytes of one element of a B array; 0 when the type does not exist. */
  public static int elementBytes(byte type) {
    return switch (type) {
      case 'c', 'C' -> 1;
      case 's', 'S' -> 2;
      case 'i', 'I', 'f' -> 4;
      default -> 0;
    };
  }
}
