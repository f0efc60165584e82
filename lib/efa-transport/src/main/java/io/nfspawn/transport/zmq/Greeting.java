package io.nfspawn.transport.zmq;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first bytes of a connection, both ways at once (RFC 37, "Greeting").
 *
 * <pre>
 *   0         1 … 8                 9         10        11
 *   +---------+---------------------+---------+---------+---------+
 * 0 | 0xFF    | padding             | 0x7F    | major 3 | minor 1 |
 *   +---------+---------------------+---------+---------+---------+
 * 12| mechanism, 20 bytes: "PLAIN", then zeroes                   |
 *   +---------+---------------------------------------------------+
 * 32| server  | filler, 31 zeroes                                 |
 *   +---------+---------------------------------------------------+
 * </pre>
 *
 * An object reads the other side's, bit by bit, and ends the connection at the first wrong byte:
 * who speaks ZMTP 1 or 2 says less and would wait for an answer.
 */
final class Greeting {
  static final int LENGTH_BYTES = 64;
  static final int SIGNATURE_END_OFFSET = 9;
  static final int MAJOR_OFFSET = 10;
  static final int MINOR_OFFSET = 11;
  static final int MECHANISM_OFFSET = 12;
  static final int AS_SERVER_OFFSET = 32;
  static final byte SIGNATURE_START = (byte) 0xFF;
  static final byte SIGNATURE_END = 0x7F;
  static final byte MAJOR = 3;
  static final byte MINOR = 1;
  private static final byte[] MECHANISM =
      Arrays.copyOf(
          Plain.MECHANISM.getBytes(StandardCharsets.US_ASCII), AS_SERVER_OFFSET - MECHANISM_OFFSET);

  private final byte[] heard = new byte[LENGTH_BYTES];
  private int heardBytes;

  /** Ours. */
  static void write(boolean asServer, ByteBuffer out) {
    byte[] greeting = new byte[LENGTH_BYTES];
    greeting[0] = SIGNATURE_START;
    greeting[SIGNATURE_END_OFFSET] = SIGNATURE_END;
    greeting[MAJOR_OFFSET] = MAJOR;
    greeting[MINOR_OFFSET] = MINOR;
    System.arraycopy(MECHANISM, 0, greeting, MECHANISM_OFFSET, MECHANISM.length);
    greeting[AS_SERVER_OFFSET] = (byte) (asServer ? 1 : 0);
    out.put(greeting);
  }

  /**
   * Reads on; true once all of it is here.
   *
   * @throws ZmtpException when it is not the greeting of one who speaks what we speak
   */
  boolean read(ByteBuffer in) throws ZmtpException {
    int bytes = Math.min(in.remaining(), LENGTH_BYTES - heardBytes);
    in.get(heard, heardBytes, bytes);
    heardBytes += bytes;
    check(heardBytes > 0 && heard[0] != SIGNATURE_START, "does not speak ZMTP 2 or newer");
    check(
        heardBytes > SIGNATURE_END_OFFSET && (heard[SIGNATURE_END_OFFSET] & 1) == 0,
        "does not speak ZMTP 2 or newer");
    check(
        heardBytes > MAJOR_OFFSET && Byte.toUnsignedInt(heard[MAJOR_OFFSET]) < MAJOR,
        "does not speak ZMTP 3");
    if (heardBytes < LENGTH_BYTES) {
      return false;
    }
    // The server flag is not looked at: libzmq and JeroMQ leave it 0 on both sides.
    check(
        !Arrays.equals(heard, MECHANISM_OFFSET, AS_SERVER_OFFSET, MECHANISM, 0, MECHANISM.length),
        "asks for another mechanism than " + Plain.MECHANISM);
    return true;
  }

  private static void check(boolean wrong, String how) throws ZmtpException {
    if (wrong) {
      throw new ZmtpException(how);
    }
  }

  /** True when it knows PING (RFC 37, not 23). */
  boolean knowsPing() {
    return heard[MAJOR_OFFSET] > MAJOR || heard[MINOR_OFFSET] >= MINOR;
  }
}
