package io.nfspawn.transport.frame;

import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message inside the body of a data frame; a frame carries as many as fit. Big-endian.
 *
 * <pre>
 *   0         1         2         3         4         5         6         7
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 0 | type    | flags   |      attempt      |    key length     |   reserved, 0     |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 8 |                stream                 | CRC-32C of the whole payload, or 0    |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 16|                                     item                                      |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 24|         whole payload length          |      offset of this part in it        |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 32|         length of this part           |              reserved, 0              |
 *   +---------+---------+---------+---------+---------+---------+---------+---------+
 * 40|  key (UTF-8), then this part of the payload                                  ...
 * </pre>
 *
 * <p>The CRC is 0 for a payload that is authentic or whole without it: long ones in sealed frames,
 * and attachments.
 *
 * <p>Flag 1, only on the last message of a frame: its part is the frame's attachment, not here.
 *
 * @param type what it means
 * @param attempt how often the item has been handed out, this time included
 * @param stream which pattern it belongs to: CRC-32C of its kind and name
 * @param checksum CRC-32C of the whole payload; 0 for none
 * @param item number of the item at its sender, or what the type says
 * @param totalBytes length of the whole payload
 * @param offsetBytes where {@code part} lies in it
 * @param key the item's key, or a name, in UTF-8
 * @param part this part of the payload; position and limit mark it
 * @param attachment the memory {@code part} lies in if it came as an attachment
 */
public record Message(
    Type type,
    int attempt,
    int stream,
    int checksum,
    long item,
    int totalBytes,
    int offsetBytes,
    ByteBuffer key,
    ByteBuffer part,
    Wire.@Nullable Attachment attachment)
    implements Writable {
  public static final int HEADER_BYTES = 40;

  public static final int ITEM_HEAD_BYTES = 8;

  /** What a frame has room for beside its payload, so that a payload of its size fits in one. */
  public static final int MOST_HEAD_BYTES = HEADER_BYTES + ItemKey.MAX_BYTES;

  static final byte FLAG_ATTACHED = 1;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** What a message means; in brackets who sends it. */
  public enum Type {
    /** Nothing but: I am here. The first one proves a new session. */
    KEEP_ALIVE(1),
    /** The session ends because its owner closes the channel; key = nothing. */
    GOODBYE(2),
    /** The session ends because of an error; key = reason. */
    REFUSED(3),
    /** [sender of a push] There is something for the puller of this name; key = name. */
    OPEN(4),
    /** [receiver] Send to me; key = name, part = credit and the items held already. */
    SUBSCRIBE(5),
    /** [receiver] Send no more; what is not acknowledged goes back. */
    UNSUBSCRIBE(6),
    /** [sender] An item or a part of one. */
    ITEM(7),
    /** [receiver] The item is done with or, if there is a part, the ranges of items in it. */
    ACK(8),
    /** [receiver] As ACK, of items whose leases start anew. */
    RENEW(9),
    /** [sender] There will be no more items. */
    END(10),
    /** [receiver] The end was seen. */
    END_SEEN(11),
    /** [member] I am at the barrier; key = name, item = generation. */
    BARRIER_ENTER(12),
    /** [rank 0] All were at the barrier, or part = ranks that never will be. */
    BARRIER_LEAVE(13),
    /** [rank 0] Still waiting for the ranks in part. */
    BARRIER_WAIT(14),
    /** [acceptor] Frames got lost, this session is over: dial again. */
    DIAL_AGAIN(15);

    private static final Type[] BY_CODE = new Type[values().length + 1];

    static {
      for (Type type : values()) {
        BY_CODE[type.code] = type;
      }
    }

    private final byte code;

    Type(int code) {
      this.code = (byte) code;
    }

    /** True for those that come in numbers. */
    public boolean isOfItems() {
      return this == ITEM || this == ACK || this == RENEW;
    }

    static @Nullable Type of(int code) {
      return code < 1 || code >= BY_CODE.length ? null : BY_CODE[code];
    }
  }

  public static Message of(Type type) {
    return new Message(type, 0, 0, 0, 0, 0, 0, NOTHING, NOTHING, null);
  }

  public static Message of(Type type, int stream, long item) {
    return new Message(type, 0, stream, 0, item, 0, 0, NOTHING, NOTHING, null);
  }

  public static Message of(Type type, int stream, long item, String key, ByteBuffer part) {
    return new Message(type, 0, stream, 0, item, part.remaining(), 0, utf8(key), part, null);
  }

  public static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(utf8Bytes(text));
  }

  public static byte[] utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The first {@value #ITEM_HEAD_BYTES} bytes of an ITEM, as one number; the caller writes the
   * rest.
   */
  public static long itemHead(boolean attached, int attempt, int keyBytes) {
    int flags = attached ? FLAG_ATTACHED : 0;
    return (long) Type.ITEM.code << 56
        | (long) flags << 48
        | (long) (attempt & 0xffff) << 32
        | (long) (keyBytes & 0xffff) << 16;
  }

  /** Writes the head of a message without key, whose part of so many bytes follows. */
  public static void writeHead(ByteBuffer out, Type type, int stream, long item, int partBytes) {
    out.putLong((long) type.code << 56).putLong((long) stream << 32).putLong(item);
    out.putLong((long) partBytes << 32).putLong((long) partBytes << 32);
  }

  /** The key, or whatever stands in its place, as text. */
  public String text() {
    return StandardCharsets.UTF_8.decode(key.duplicate()).toString();
  }

  @Override
  public int lengthBytes() {
    return headBytes() + part.remaining();
  }

  /** Length without the part. */
  public int headBytes() {
    return HEADER_BYTES + key.remaining();
  }

  @Override
  public void write(ByteBuffer out) {
    writeHead(out, (byte) 0);
    copy(part, out);
  }

  private static void copy(ByteBuffer from, ByteBuffer to) {
    to.put(to.position(), from, from.position(), from.remaining());
    to.position(to.position() + from.remaining());
  }

  /** Writes all but the part, which is the frame's attachment. */
  public void writeAttached(ByteBuffer out) {
    writeHead(out, FLAG_ATTACHED);
  }

  private void writeHead(ByteBuffer out, byte flags) {
    out.put(type.code).put(flags).putShort((short) attempt);
    out.putShort((short) key.remaining()).putShort((short) 0);
    out.putInt(stream).putInt(checksum).putLong(item);
    out.putInt(totalBytes).putInt(offsetBytes).putInt(part.remaining()).putInt(0);
    copy(key, out);
  }

  /**
   * Reads every message of a body. Parts are views of {@code body}.
   *
   * @throws MalformedFrameException when a length or type cannot be
   */
  public static List<Message> readAll(ByteBuffer body) {
    return readAll(body, null, null);
  }

  /**
   * As the other, of a frame that came with an attachment.
   *
   * @param attached its plain bytes
   */
  public static List<Message> readAll(
      ByteBuffer body, @Nullable ByteBuffer attached, Wire.@Nullable Attachment attachment) {
    List<Message> messages = new ArrayList<>(1);
    MessageCursor cursor = new MessageCursor();
    cursor.wrap(body, attached, attachment);
    while (cursor.next()) {
      messages.add(cursor.message());
    }
    return messages;
  }
}
