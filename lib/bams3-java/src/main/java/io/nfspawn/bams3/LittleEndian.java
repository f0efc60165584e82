package io.nfspawn.bams3;

/** Numbers as BAM and BAMS3 store them. Plain shifts: start-up of the command matters more. */
public final class LittleEndian {
  private LittleEndian() {}

  public static int uint16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
  }

  public static int int32(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }

  public static long int64(byte[] bytes, int at) {
    return (int32(bytes, at) & 0xffffffffL) | (long) int32(bytes, at + 4) << 32;
  }

  public static void putInt16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >>> 8);
  }

  public static void putInt32(byte[] bytes, int at, int value) {
    putInt16(bytes, at, value);
    putInt16(bytes, at + 2, value >>> 16);
  }

  public static void putInt64(byte[] bytes, int at, long value) {
    putInt32(bytes, at, (int) value);
    putInt32(bytes, at + 4, (int) (value >>> 32));
  }
}
