package io.nfspawn.transport.frame;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the messages of a body without an object for each; see {@link Message} for their
 * bytes. What it tells is true until it is moved or given another body. Not thread-safe.
 */
public final class MessageCursor {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final Frame NO_FRAME = Frame.of(new byte[0]);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private Frame frame = NO_FRAME;
  private byte[] bytes = NOTHING.array();
  private @Nullable ByteBuffer attached;
  private Wire.@Nullable Attachment attachment;
  private int end;
  private int next;
  private int at;
  private int keyBytes;
  private int partBytes;
  private boolean apart;

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.BIG_ENDIAN);
  }

  /**
   * Before the first message of {@code from}, whose messages have all been checked then.
   *
   * @param from on the heap
   * @param plain the plain bytes of the attachment it came with
   * @throws MalformedFrameException when a length or type cannot be
   */
  public void wrap(ByteBuffer from, @Nullable ByteBuffer plain, Wire.@Nullable Attachment memory) {
    int start = from.arrayOffset() + from.position();
    wrap(NO_FRAME, from.array(), start, from.remaining(), plain, memory);
  }

  /** As the other, of a body of so many bytes behind the header of a frame. */
  public void wrap(
      Frame in, int bodyBytes, @Nullable ByteBuffer plain, Wire.@Nullable Attachment memory) {
    wrap(in, in.bytes(), FrameHeader.LENGTH_BYTES, bodyBytes, plain, memory);
  }

  private void wrap(
      Frame in,
      byte[] array,
      int start,
      int bodyBytes,
      @Nullable ByteBuffer plain,
      Wire.@Nullable Attachment memory) {
    frame = in;
    bytes = array;
    attached = plain;
    attachment = memory;
    end = start + bodyBytes;
    next = start;
    while (next < end) {
      read();
    }
    next = start;
  }

  /** Lets go of the body. */
  public void clear() {
    wrap(NOTHING, null, null);
  }

  /** Moves to the next message; false behind the last. */
  public boolean next() {
    if (next >= end) {
      return false;
    }
    read();
    return true;
  }

  /** Moves to the next message if that is of the same type and stream as this one. */
  public boolean nextAlike() {
    boolean alike = next < end && bytes[next] == bytes[at] && intAt(next + 8) == stream();
    if (alike) {
      read();
    }
    return alike;
  }

  private void read() {
    at = next;
    int left = end - at;
    if (left < Message.HEADER_BYTES) {
      throw new MalformedFrameException("message cut short: " + left + " bytes left");
    }
    apart = bytes[at + 1] == Message.FLAG_ATTACHED;
    keyBytes = shortAt(at + 4);
    partBytes = intAt(at + 32);
    int offset = offsetBytes();
    boolean fits = partBytes >= 0 && offset >= 0 && (long) offset + partBytes <= totalBytes();
    if (Message.Type.of(bytes[at]) == null || !fits) {
      throw new MalformedFrameException(
          "message type %d, part %d+%d of %d"
              .formatted(bytes[at], offset, partBytes, totalBytes()));
    }
    int room = left - Message.HEADER_BYTES;
    if (apart) {
      checkAttached(room);
    } else if ((long) keyBytes + partBytes > room) {
      throw new MalformedFrameException(
          "message claims " + keyBytes + "+" + partBytes + " bytes, left are " + room);
    }
    next = at + Message.HEADER_BYTES + keyBytes + (apart ? 0 : partBytes);
  }

  private void checkAttached(int room) {
    ByteBuffer there = attached;
    if (there == null || there.remaining() != partBytes || room != keyBytes) {
      throw new MalformedFrameException(
          "message claims an attachment of "
              + partBytes
              + " bytes, there is "
              + (there == null ? "none" : "one of " + there.remaining()));
    }
  }

  public Message.Type type() {
    return java.util.Objects.requireNonNull(Message.Type.of(bytes[at]));
  }

  public int attempt() {
    return shortAt(at + 2);
  }

  public int stream() {
    return intAt(at + 8);
  }

  public int checksum() {
    return intAt(at + 12);
  }

  public long item() {
    return (long) LONG.get(bytes, at + 16);
  }

  public int totalBytes() {
    return intAt(at + 24);
  }

  public int offsetBytes() {
    return intAt(at + 28);
  }

  public int partBytes() {
    return partBytes;
  }

  /** The frame it lies in: who reads its bytes for longer has to hold it. */
  public Frame frame() {
    return frame;
  }

  /** The array that key and, unless it {@linkplain #isApart came apart}, part lie in. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where in {@link #bytes} the key starts. */
  public int keyFrom() {
    return at + Message.HEADER_BYTES;
  }

  /** Where in {@link #bytes} the part starts. */
  public int partFrom() {
    return keyFrom() + keyBytes;
  }

  /** True when the part came as an attachment. */
  public boolean isApart() {
    return apart;
  }

  /** How many numbers of 64 bits the part holds. */
  public int longs() {
    return partBytes / Long.BYTES;
  }

  /** One of them; the part is not apart. */
  public long longOfPart(int index) {
    return (long) LONG.get(bytes, partFrom() + Long.BYTES * index);
  }

  public int keyBytes() {
    return keyBytes;
  }

  /** A view of the part. */
  public ByteBuffer part() {
    ByteBuffer there = attached;
    return apart && there != null ? there : ByteBuffer.wrap(bytes, partFrom(), partBytes).slice();
  }

  /** The part's memory if it came as an attachment. */
  public Wire.@Nullable Attachment attachment() {
    return apart ? attachment : null;
  }

  /** The message as a value of its own; its bytes stay where they are. */
  public Message message() {
    return new Message(
        type(),
        attempt(),
        stream(),
        checksum(),
        item(),
        totalBytes(),
        offsetBytes(),
        ByteBuffer.wrap(bytes, keyFrom(), keyBytes).slice(),
        part(),
        attachment());
  }

  private int shortAt(int index) {
    return Short.toUnsignedInt((short) SHORT.get(bytes, index));
  }

  private int intAt(int index) {
    return (int) INT.get(bytes, index);
  }
}
