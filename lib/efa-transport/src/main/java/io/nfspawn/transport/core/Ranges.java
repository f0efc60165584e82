package io.nfspawn.transport.core;

import io.nfspawn.transport.frame.MalformedFrameException;
import io.nfspawn.transport.frame.MessageCursor;
import java.nio.ByteBuffer;

/**
 * Which items an ACK or RENEW is about: the one it names if it has no part, and otherwise those of
 * its part, ranges of numbers that follow each other.
 *
 * <pre>
 *   +---------------------------------------+---------------------------------------+
 * 0 | first item, u64                       | how many from it on, u64              |  a range,
 *   +---------------------------------------+---------------------------------------+  then others
 * </pre>
 */
final class Ranges {
  /** In one message: a few KiB. */
  static final int MOST = 256;

  /** In all ranges of one message; more than any credit of sense lets be under way. */
  static final int MOST_ITEMS = 1 << 16;

  private static final int RANGE_BYTES = 2 * Long.BYTES;

  private Ranges() {}

  /** Takes a number. */
  interface Each {
    void item(long number);
  }

  /** Length of a part that tells so many ranges. */
  static int bytes(int ranges) {
    return RANGE_BYTES * ranges;
  }

  /** Writes the part that tells so many ranges. */
  static void write(ByteBuffer out, long[] firsts, int[] counts, int ranges) {
    for (int i = 0; i < ranges; i++) {
      out.putLong(firsts[i]).putLong(counts[i]);
    }
  }

  /**
   * Goes through all that the message is about.
   *
   * @throws MalformedFrameException when these are no ranges, or more than a message may tell;
   *     before {@code each} got any
   */
  static void forEach(MessageCursor at, Each each) {
    if (at.partBytes() == 0) {
      each.item(at.item());
      return;
    }
    check(at);
    for (int i = 0; i < at.longs(); i += 2) {
      long end = at.longOfPart(i) + at.longOfPart(i + 1);
      for (long item = at.longOfPart(i); item < end; item++) {
        each.item(item);
      }
    }
  }

  private static void check(MessageCursor at) {
    if (at.isApart() || at.partBytes() % RANGE_BYTES != 0) {
      throw new MalformedFrameException("ranges of items in " + at.partBytes() + " bytes");
    }
    long left = MOST_ITEMS;
    for (int i = 0; i < at.longs(); i += 2) {
      long first = at.longOfPart(i);
      long count = at.longOfPart(i + 1);
      if (first < 0 || count < 1 || count > left || first > Long.MAX_VALUE - count) {
        throw new MalformedFrameException(
            "range of " + count + " items from " + first + ", at most " + left + " more may be");
      }
      left -= count;
    }
  }
}
