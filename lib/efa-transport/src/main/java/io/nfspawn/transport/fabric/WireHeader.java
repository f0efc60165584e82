package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * First bytes of every message on a fabric. Big-endian. Not authentic by itself: frames and
 * attachments prove themselves, and what stands here can at worst break its own link.
 *
 * <pre>
 *   0         1         2         3         4         5         6         7
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 0 |   magic 0x4E46    | version | kind    |              length of frame          |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 8 |                       link, by its number at the receiver                     |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 16|                       link, by its number at the sender                       |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 24|              sequence                 |  frames of the link received so far   |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 32|  DIAL: length u16, the sender's address; then the frame                       |
 *   |  FRAME: the frame                                                             |
 *   |  FAR:  length u32, rails u32, then for each rail address u64, key u64;        |
 *   |        then the frame. Without one, what lies there is the frame              |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * </pre>
 *
 * @param to 0 before the dialled side has answered
 * @param sequence counts FRAME and FAR of one direction of one link from 0
 * @param received the sender of this may reuse what frames before this number referred to
 */
record WireHeader(Kind kind, int frameBytes, long to, long from, int sequence, int received) {
  static final int LENGTH_BYTES = 32;
  private static final int MAGIC = 0x4E46;
  private static final int VERSION = 1;

  /** What every message begins with, down to its kind. */
  private static final long FIRST = (long) (MAGIC << 8 | VERSION) << 40;

  /** What follows the header. */
  enum Kind {
    DIAL(1),
    FRAME(2),
    FAR(3),
    RECEIVED(4);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    private static @Nullable Kind of(int code) {
      return switch (code) {
        case 1 -> DIAL;
        case 2 -> FRAME;
        case 3 -> FAR;
        case 4 -> RECEIVED;
        default -> null;
      };
    }
  }

  /** In words of eight bytes: each access of direct memory has its price. */
  void write(ByteBuffer out) {
    out.putLong(FIRST | (long) kind.code << 32 | frameBytes).putLong(to).putLong(from);
    out.putLong((long) sequence << 32 | Integer.toUnsignedLong(received));
  }

  /** Null when these are not the bytes of a message this side speaks. */
  static @Nullable WireHeader read(ByteBuffer in) {
    if (in.remaining() < LENGTH_BYTES) {
      return null;
    }
    long first = in.getLong();
    Kind kind = Kind.of((byte) (first >>> 32));
    int frameBytes = (int) first;
    if ((first & -1L << 40) != FIRST || kind == null || frameBytes < 0) {
      return null;
    }
    long to = in.getLong();
    long from = in.getLong();
    long counts = in.getLong();
    return new WireHeader(kind, frameBytes, to, from, (int) (counts >>> 32), (int) counts);
  }
}
