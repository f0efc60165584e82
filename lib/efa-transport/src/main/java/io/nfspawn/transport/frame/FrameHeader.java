package io.nfspawn.transport.frame;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * First bytes of every frame, in clear and authenticated. Big-endian.
 *
 * <pre>
 *   0         1         2         3         4         5         6         7
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 0 |   magic 0x4E53    | version | kind    | flags   |  reserved, 0                |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 8 |                epoch                  |              sender rank              |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 16|                                   session                                     |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 24|                                   sequence                                    |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 32|  body: a handshake, or messages one after the other                          ...
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 *   |  tag, 16 bytes, when flag SEALED is set                                       |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * </pre>
 *
 * @param kind handshake or data
 * @param sealed body is encrypted and a tag follows it
 * @param epoch round of the gang the sender lives in
 * @param senderRank rank the sender claims; the tag proves that it is a member
 * @param session chosen by the side that accepted; 0 before
 * @param sequence counts the data frames of one direction of one session from 0; is the nonce
 */
public record FrameHeader(
    Kind kind, boolean sealed, int epoch, int senderRank, long session, long sequence) {
  public static final int LENGTH_BYTES = 32;
  public static final int TAG_BYTES = 16;
  static final short MAGIC = 0x4E53;
  static final byte VERSION = 2;
  static final int KIND_OFFSET = 3;
  static final byte FLAG_SEALED = 1;

  /** What the body is. */
  public enum Kind {
    HELLO(1),
    WELCOME(2),
    DATA(3);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    private static @Nullable Kind of(int code) {
      return switch (code) {
        case 1 -> HELLO;
        case 2 -> WELCOME;
        case 3 -> DATA;
        default -> null;
      };
    }
  }

  /** Writes the {@value #LENGTH_BYTES} bytes at the start of {@code frame}. */
  public void write(byte[] frame) {
    ByteBuffer.wrap(frame)
        .putShort(MAGIC)
        .put(VERSION)
        .put(kind.code)
        .put(sealed ? FLAG_SEALED : 0)
        .put((byte) 0)
        .putShort((short) 0)
        .putInt(epoch)
        .putInt(senderRank)
        .putLong(session)
        .putLong(sequence);
  }

  /** The header of a frame that is the whole array. */
  static FrameHeader read(byte[] frame) {
    return read(frame, frame.length);
  }

  /**
   * @throws MalformedFrameException when these are not the bytes of a frame this side speaks
   */
  public static FrameHeader read(byte[] frame, int lengthBytes) {
    if (lengthBytes < LENGTH_BYTES) {
      throw new MalformedFrameException(
          "frame of " + lengthBytes + " bytes, a header has " + LENGTH_BYTES);
    }
    ByteBuffer in = ByteBuffer.wrap(frame);
    if (in.getShort() != MAGIC) {
      throw new MalformedFrameException("not a frame of this channel (magic)");
    }
    byte version = in.get();
    if (version != VERSION) {
      throw new MalformedFrameException(
          "frame version " + version + ", this side speaks " + VERSION);
    }
    Kind kind = Kind.of(in.get());
    byte flags = in.get();
    int reserved = in.get() | in.getShort();
    if (kind == null || (flags & ~FLAG_SEALED) != 0 || reserved != 0) {
      throw new MalformedFrameException("unknown kind or flags");
    }
    return new FrameHeader(
        kind, flags == FLAG_SEALED, in.getInt(), in.getInt(), in.getLong(), in.getLong());
  }
}
