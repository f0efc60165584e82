package io.nfspawn.transport.zmq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What two sides say to each other beside messages (RFC 37, "Commands").
 *
 * <pre>
 *   +---------+----------+---------------------+
 *   | length  | name …   | data, up to the end |
 *   +---------+----------+---------------------+
 *
 *   metadata, the data of INITIATE and READY, are properties one after the other:
 *   +---------+----------+--------------------------------+----------+
 *   | length  | name …   | length, 4 bytes, big-endian    | value …  |
 *   +---------+----------+--------------------------------+----------+
 *
 *   PING: time to live, 2 bytes, in tenths of a second; context, up to 16 bytes. PONG: that context.
 * </pre>
 *
 * @param name {@code HELLO}, {@code PING} …
 * @param data what lies behind the name
 */
record Command(String name, ByteBuffer data) {
  static final String HELLO = "HELLO";
  static final String WELCOME = "WELCOME";
  static final String INITIATE = "INITIATE";
  static final String READY = "READY";
  static final String ERROR = "ERROR";
  static final String PING = "PING";
  static final String PONG = "PONG";
  static final String SOCKET_TYPE = "Socket-Type";
  static final String IDENTITY = "Identity";

  /** Longer ones end the connection; PLAIN's longest has 518. */
  static final int MOST_BYTES = 1024;

  private static final int MOST_CONTEXT_BYTES = 16;

  /**
   * @throws ZmtpException when it has no name
   */
  static Command read(byte[] body) throws ZmtpException {
    int nameBytes = body.length == 0 ? 0 : Byte.toUnsignedInt(body[0]);
    if (nameBytes == 0 || 1 + nameBytes > body.length) {
      throw new ZmtpException("sent a command without a name");
    }
    String name = new String(body, 1, nameBytes, StandardCharsets.US_ASCII);
    int end = 1 + nameBytes;
    return new Command(name, ByteBuffer.wrap(body, end, body.length - end).slice());
  }

  static Command of(String name, byte[] data) {
    return new Command(name, ByteBuffer.wrap(data));
  }

  /** Its body. */
  byte[] bytes() {
    ByteBuffer body = ByteBuffer.allocate(1 + name.length() + data.remaining());
    putText(name, body);
    return body.put(data.duplicate()).array();
  }

  /** Writes it with the head of its frame. */
  void write(ByteBuffer out) {
    byte[] body = bytes();
    if (body.length <= FrameReader.LONGEST_SHORT_BYTES) {
      out.put((byte) FrameReader.COMMAND).put((byte) body.length);
    } else {
      out.put((byte) (FrameReader.COMMAND | FrameReader.LONG)).putLong(body.length);
    }
    out.put(body);
  }

  private static void putText(String text, ByteBuffer out) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    out.put((byte) bytes.length).put(bytes);
  }

  // ---- metadata ---------------------------------------------------------------------------

  /** INITIATE or READY of a socket of that type. */
  static Command ofSocket(String name, String type) {
    ByteBuffer data = ByteBuffer.allocate(64);
    putText(SOCKET_TYPE, data);
    putValue(type, data);
    putText(IDENTITY, data);
    putValue("", data);
    data.flip();
    return new Command(name, data);
  }

  private static void putValue(String text, ByteBuffer out) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    out.putInt(bytes.length).put(bytes);
  }

  /**
   * The properties, by their names in lower case: these do not differ by case.
   *
   * @throws ZmtpException when they are not properties
   */
  Map<String, String> metadata() throws ZmtpException {
    Map<String, String> properties = new HashMap<>();
    ByteBuffer in = data.duplicate();
    while (in.hasRemaining()) {
      String property = text(in, Byte.toUnsignedInt(in.get()));
      int valueBytes = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      properties.put(property.toLowerCase(Locale.ROOT), text(in, valueBytes));
    }
    return properties;
  }

  /** The next so many bytes as text. */
  String text(ByteBuffer in, int lengthBytes) throws ZmtpException {
    if (lengthBytes < 0 || lengthBytes > in.remaining()) {
      throw new ZmtpException("sent " + name + " that is cut short");
    }
    byte[] bytes = new byte[lengthBytes];
    in.get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  // ---- heartbeats -------------------------------------------------------------------------

  static Command ping(int timeToLiveMillis) {
    short tenths = (short) (timeToLiveMillis / 100);
    return new Command(PING, ByteBuffer.allocate(Short.BYTES).putShort(tenths).flip());
  }

  /** How long who sent this PING may be silent before he counts as gone; 0 when he does not say. */
  int timeToLiveMillis() throws ZmtpException {
    if (data.remaining() < Short.BYTES) {
      throw new ZmtpException("sent PING that is cut short");
    }
    return 100 * Short.toUnsignedInt(data.getShort(data.position()));
  }

  /** The answer to this PING. */
  Command pong() throws ZmtpException {
    ByteBuffer context = data.duplicate();
    context.position(context.position() + Short.BYTES);
    if (context.remaining() > MOST_CONTEXT_BYTES) {
      throw new ZmtpException("sent PING with a context of " + context.remaining() + " bytes");
    }
    return new Command(PONG, context.slice());
  }
}
