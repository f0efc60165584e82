package io.nfspawn.transport.zmq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The mechanism PLAIN (RFC 24), which carries a ticket: its base64, the first half as the user's
 * name and the rest as his password, each behind a {@code t}. (JeroMQ reads the length of either as
 * a signed byte and takes an empty one for none.)
 *
 * <pre>
 *   HELLO's data:
 *   +---------+----------+---------+--------------+
 *   | length  | name …   | length  | password …   |
 *   +---------+----------+---------+--------------+
 * </pre>
 */
final class Plain {
  static final String MECHANISM = "PLAIN";

  private static final String FIRST = "t";
  private static final int MOST_TEXT_BYTES = 255;

  private Plain() {}

  /** HELLO that shows {@code ticket}. */
  static Command hello(byte[] ticket) {
    String text = Base64.getEncoder().encodeToString(ticket);
    int half = text.length() / 2;
    byte[] name = (FIRST + text.substring(0, half)).getBytes(StandardCharsets.US_ASCII);
    byte[] password = (FIRST + text.substring(half)).getBytes(StandardCharsets.US_ASCII);
    if (password.length > MOST_TEXT_BYTES) {
      throw new IllegalArgumentException("a ticket of " + ticket.length + " bytes is too long");
    }
    ByteBuffer data = ByteBuffer.allocate(2 + name.length + password.length);
    data.put((byte) name.length).put(name).put((byte) password.length).put(password);
    return Command.of(Command.HELLO, data.array());
  }

  /**
   * The ticket that a HELLO shows; empty when what it shows is none.
   *
   * @throws ZmtpException when it is no HELLO of this mechanism
   */
  static byte[] ticket(Command hello) throws ZmtpException {
    ByteBuffer in = hello.data().duplicate();
    String name = hello.text(in, length(in));
    String password = hello.text(in, length(in));
    if (in.hasRemaining()) {
      throw new ZmtpException("sent HELLO with more than a name and a password");
    }
    try {
      return Base64.getDecoder().decode(withoutFirst(name) + withoutFirst(password));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static int length(ByteBuffer in) {
    return in.hasRemaining() ? Byte.toUnsignedInt(in.get()) : -1;
  }

  private static String withoutFirst(String text) {
    return text.isEmpty() ? text : text.substring(1);
  }
}
