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
 * One object is used for many messages, by its owner.
 */
final class WireHeader {
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

  private Kind kind = Kind.RECEIVED;
  private int frameBytes;
  private long to;
  private long from;
  private int sequence;
  private int received;

  /**
   * @param newTo 0 before the dialled side has answered
   * @param newSequence counts FRAME and FAR of one direction of one link from 0
   * @param newReceived the sender of this may reuse what frames before this number referred to
   */
  WireHeader set(
      Kind newKind, int newFrameBytes, long newTo, long newFrom, int newSequence, int newReceived) {
    kind = newKind;
    frameBytes = newFrameBytes;
    to = newTo;
    from = newFrom;
    sequence = newSequence;
    received = newReceived;
    return this;
  }

  Kind kind() {
    return kind;
  }

  int frameBytes() {
    return frameBytes;
  }

  long to() {
    return to;
  }

  long from() {
    return from;
  }

  int sequence() {
    return sequence;
  }

  int received() {
    return received;
  }

  /** In words of eight bytes: each access of direct memory has its price. */
  void write(ByteBuffer out) {
    out.putLong(FIRST | (long) kind.code << 32 | frameBytes).putLong(to).putLong(from);
    out.putLong((long) sequence << 32 | Integer.toUnsignedLong(received));
  }

  /** False when these are not the bytes of a message this side speaks. */
  boolean read(ByteBuffer in) {
    if (in.remaining() < LENGTH_BYTES) {
      return false;
    }
    long first = in.getLong();
    Kind readKind = Kind.of((byte) (first >>> 32));
    if ((first & -1L << 40) != FIRST || readKind == null || (int) first < 0) {
      return false;
    }
    long readTo = in.getLong();
    long readFrom = in.getLong();
    long counts = in.getLong();
    set(readKind, (int) first, readTo, readFrom, (int) (counts >>> 32), (int) counts);
    return true;
  }
}
