package io.nfspawn.transport.zmq;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts frames out of the bytes of one connection (RFC 37, "Framing"). A body is read into memory of
 * its receiver as its bytes arrive, asked for when its length is known and not above the bound:
 * nothing else is kept between two reads.
 *
 * <pre>
 *   +---------+---------+                                     0, 1: message, 4: command
 *   | flags   | length  | body, up to 255 bytes …
 *   +---------+---------+-------------------------------+
 *   | flags   | length, 8 bytes, big-endian             |     2, 3: message, 6: command
 *   +---------+-----------------------------------------+
 *   | body …
 * </pre>
 */
final class FrameReader {
  /** Another part of the same message follows. */
  static final int MORE = 1;

  /** The length has eight bytes. */
  static final int LONG = 2;

  static final int COMMAND = 4;
  static final int SHORT_HEAD_BYTES = 2;
  static final int LONG_HEAD_BYTES = 9;
  static final int LONGEST_SHORT_BYTES = 255;

  private int mostBytes;
  private int headBytes;
  private int flags;
  private long lengthBytes;
  private @Nullable Frame body;
  private int filledBytes;

  /**
   * @param mostBytes a longer frame ends the connection
   */
  FrameReader(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  void allow(int newMostBytes) {
    mostBytes = newMostBytes;
  }

  /** Flags of the frame that was read last. */
  int flags() {
    return flags;
  }

  /** As the other, of who waits for commands alone. */
  @Nullable Frame read(ByteBuffer in) throws ZmtpException {
    return read(in, ZmqWire.NOBODY);
  }

  /**
   * Reads on; the body of the frame that is whole now, null when all of {@code in} was read first.
   *
   * @throws ZmtpException when this is no frame or too long
   */
  @Nullable Frame read(ByteBuffer in, Wire.Receiver to) throws ZmtpException {
    Frame into = body == null ? readHead(in, to) : body;
    if (into == null) {
      return null;
    }
    int bytes = Math.min(in.remaining(), into.lengthBytes() - filledBytes);
    in.get(into.bytes(), filledBytes, bytes);
    filledBytes += bytes;
    boolean whole = filledBytes == into.lengthBytes();
    body = whole ? null : into;
    return whole ? into : null;
  }

  private @Nullable Frame readHead(ByteBuffer in, Wire.Receiver to) throws ZmtpException {
    while (in.hasRemaining()) {
      int next = in.get() & 0xFF;
      if (headBytes++ == 0) {
        begin(next);
      } else {
        lengthBytes = lengthBytes << 8 | next;
      }
      if (headBytes == ((flags & LONG) == 0 ? SHORT_HEAD_BYTES : LONG_HEAD_BYTES)) {
        return end(to);
      }
    }
    return null;
  }

  private void begin(int newFlags) throws ZmtpException {
    boolean both = (newFlags & COMMAND) != 0 && (newFlags & MORE) != 0;
    if ((newFlags & ~(MORE | LONG | COMMAND)) != 0 || both) {
      throw new ZmtpException("sent a frame of unknown flags " + newFlags);
    }
    flags = newFlags;
    lengthBytes = 0;
  }

  private Frame end(Wire.Receiver to) throws ZmtpException {
    boolean command = (flags & COMMAND) != 0;
    int most = command ? Command.MOST_BYTES : mostBytes;
    if (lengthBytes < 0 || lengthBytes > most) {
      throw new ZmtpException(
          "sent a %s of %s bytes, at most %d are allowed"
              .formatted(command ? "command" : "frame", Long.toUnsignedString(lengthBytes), most));
    }
    headBytes = 0;
    filledBytes = 0;
    int length = (int) lengthBytes;
    return command ? Frame.of(new byte[length]) : to.room(length);
  }
}
