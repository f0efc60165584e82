package io.nfspawn.transport.frame;

import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the messages of a body without an object for each; see {@link Message} for their
 * bytes. What it tells is true until it is moved or given another body. Not thread-safe.
 */
public final class MessageCursor {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private ByteBuffer body = NOTHING;
  private @Nullable ByteBuffer attached;
  private Wire.@Nullable Attachment attachment;
  private int end;
  private int next;
  private int at;
  private int keyBytes;
  private int partBytes;
  private boolean apart;

  /**
   * Before the first message of {@code from}, whose messages have all been checked then.
   *
   * @param plain the plain bytes of the attachment it came with
   * @throws MalformedFrameException when a length or type cannot be
   */
  public void wrap(ByteBuffer from, @Nullable ByteBuffer plain, Wire.@Nullable Attachment memory) {
    body = from;
    attached = plain;
    attachment = memory;
    end = from.limit();
    next = from.position();
    while (next < end) {
      read();
    }
    next = from.position();
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
    boolean alike =
        next < end && body.get(next) == body.get(at) && body.getInt(next + 8) == stream();
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
    apart = body.get(at + 1) == Message.FLAG_ATTACHED;
    keyBytes = Short.toUnsignedInt(body.getShort(at + 4));
    partBytes = body.getInt(at + 32);
    int offset = offsetBytes();
    boolean fits = partBytes >= 0 && offset >= 0 && (long) offset + partBytes <= totalBytes();
    if (Message.Type.of(body.get(at)) == null || !fits) {
      throw new MalformedFrameException(
          "message type %d, part %d+%d of %d"
              .formatted(body.get(at), offset, partBytes, totalBytes()));
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
    return java.util.Objects.requireNonNull(Message.Type.of(body.get(at)));
  }

  public int attempt() {
    return Short.toUnsignedInt(body.getShort(at + 2));
  }

  public int stream() {
    return body.getInt(at + 8);
  }

  public int checksum() {
    return body.getInt(at + 12);
  }

  public long item() {
    return body.getLong(at + 16);
  }

  public int totalBytes() {
    return body.getInt(at + 24);
  }

  public int offsetBytes() {
    return body.getInt(at + 28);
  }

  public int partBytes() {
    return partBytes;
  }

  /** The memory that key and, unless it came apart, part lie in. */
  public ByteBuffer body() {
    return body;
  }

  /** Where the key starts in the body. */
  public int keyAt() {
    return at + Message.HEADER_BYTES;
  }

  public int keyBytes() {
    return keyBytes;
  }

  /** A view of the part. */
  public ByteBuffer part() {
    ByteBuffer there = attached;
    return apart && there != null ? there : body.slice(keyAt() + keyBytes, partBytes);
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
        body.slice(keyAt(), keyBytes),
        part(),
        attachment());
  }
}
