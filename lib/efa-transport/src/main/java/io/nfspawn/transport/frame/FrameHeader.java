package io.nfspawn.transport.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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
 * <p>What it tells is true until it reads another frame. Not thread-safe.
 */
public final class FrameHeader {
  public static final int LENGTH_BYTES = 32;
  public static final int TAG_BYTES = 16;
  static final short MAGIC = 0x4E53;
  static final byte VERSION = 2;
  static final int KIND_OFFSET = 3;
  static final byte FLAG_SEALED = 1;
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private Kind kind = Kind.DATA;
  private boolean sealed;
  private int epoch;
  private int senderRank;
  private long session;
  private long sequence;

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.BIG_ENDIAN);
  }

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
  static void write(
      byte[] frame,
      Kind kind,
      boolean sealed,
      int epoch,
      int senderRank,
      long session,
      long sequence) {
    SHORT.set(frame, 0, MAGIC);
    frame[2] = VERSION;
    frame[KIND_OFFSET] = kind.code;
    frame[4] = sealed ? FLAG_SEALED : 0;
    frame[5] = 0;
    SHORT.set(frame, 6, (short) 0);
    INT.set(frame, 8, epoch);
    INT.set(frame, 12, senderRank);
    LONG.set(frame, 16, session);
    LONG.set(frame, 24, sequence);
  }

  /** The header of a frame that is the whole array. */
  static FrameHeader of(byte[] frame) {
    FrameHeader header = new FrameHeader();
    header.read(frame, frame.length);
    return header;
  }

  /**
   * Becomes the header of that frame, the first bytes of an array.
   *
   * @throws MalformedFrameException when these are not the bytes of a frame this side speaks
   */
  public void read(byte[] frame, int lengthBytes) {
    if (lengthBytes < LENGTH_BYTES) {
      throw new MalformedFrameException(
          "frame of " + lengthBytes + " bytes, a header has " + LENGTH_BYTES);
    }
    if ((short) SHORT.get(frame, 0) != MAGIC) {
      throw new MalformedFrameException("not a frame of this channel (magic)");
    }
    if (frame[2] != VERSION) {
      throw new MalformedFrameException(
          "frame version " + frame[2] + ", this side speaks " + VERSION);
    }
    Kind known = Kind.of(frame[KIND_OFFSET]);
    int reserved = frame[5] | (short) SHORT.get(frame, 6);
    if (known == null || (frame[4] & ~FLAG_SEALED) != 0 || reserved != 0) {
      throw new MalformedFrameException("unknown kind or flags");
    }
    kind = known;
    sealed = frame[4] == FLAG_SEALED;
    epoch = (int) INT.get(frame, 8);
    senderRank = (int) INT.get(frame, 12);
    session = (long) LONG.get(frame, 16);
    sequence = (long) LONG.get(frame, 24);
  }

  /** Handshake or data. */
  public Kind kind() {
    return kind;
  }

  /** The body is encrypted and a tag follows it. */
  public boolean isSealed() {
    return sealed;
  }

  /** Round of the gang that the sender lives in. */
  public int epoch() {
    return epoch;
  }

  /** The rank that the sender claims; the tag proves that it is a member. */
  public int senderRank() {
    return senderRank;
  }

  /** Chosen by the side that accepted; 0 before. */
  public long session() {
    return session;
  }

  /** Counts the data frames of one direction of one session from 0; is the nonce. */
  public long sequence() {
    return sequence;
  }
}
