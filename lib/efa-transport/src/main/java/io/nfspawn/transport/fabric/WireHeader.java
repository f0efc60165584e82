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
  private static final short MAGIC = 0x4E46;
  private static final byte VERSION = 1;

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

  void write(ByteBuffer out) {
    out.putShort(MAGIC).put(VERSION).put(kind.code).putInt(frameBytes);
    out.putLong(to).putLong(from).putInt(sequence).putInt(received);
  }

  /** Null when these are not the bytes of a message this side speaks. */
  static @Nullable WireHeader read(ByteBuffer in) {
    if (in.remaining() < LENGTH_BYTES || in.getShort() != MAGIC || in.get() != VERSION) {
      return null;
    }
    Kind kind = Kind.of(in.get());
    int frameBytes = in.getInt();
    if (kind == null || frameBytes < 0) {
      return null;
    }
    return new WireHeader(kind, frameBytes, in.getLong(), in.getLong(), in.getInt(), in.getInt());
  }
}
