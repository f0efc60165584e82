package io.nfspawn.vcfmerge.bgzf;

/**
 * One BGZF block (SAMv1 section 4.1), little-endian:
 *
 * <pre>
 *  0  1f 8b 08 04   gzip, deflate, FEXTRA
 *  4  00000000      mtime
 *  8  00 ff         extra flags, operating system unknown
 * 10  0006          length of the extra field
 * 12  42 43 0002    subfield BC of two bytes
 * 16  uint16        length of the whole block - 1
 * 18  bytes         deflate stream
 * -8  uint32        CRC-32 of the uncompressed bytes
 * -4  uint32        their number, at most 65536
 * </pre>
 */
final class BgzfFormat {
  static final int HEADER_BYTES = 18;
  static final int FOOTER_BYTES = 8;
  static final int MAX_BLOCK_BYTES = 1 << 16;

  /** Same as bgzip: whatever deflate does with it, the block stays below 64 KiB. */
  static final int DATA_BYTES = 0xff00;

  private static final byte[] HEADER = {
    0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 0xff, 6, 0, 'B', 'C', 2, 0, 0, 0
  };

  /** An empty block that ends every file; a file without it was cut off. */
  private static final byte[] END_OF_FILE = {
    0x1f,
    (byte) 0x8b,
    8,
    4,
    0,
    0,
    0,
    0,
    0,
    (byte) 0xff,
    6,
    0,
    'B',
    'C',
    2,
    0,
    0x1b,
    0,
    3,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0
  };

  private BgzfFormat() {}

  static byte[] endOfFile() {
    return END_OF_FILE.clone();
  }

  static void putHeader(byte[] block, int blockBytes) {
    System.arraycopy(HEADER, 0, block, 0, HEADER_BYTES);
    putShort(block, 16, blockBytes - 1);
  }

  static boolean isHeader(byte[] head) {
    return head[0] == HEADER[0]
        && head[1] == HEADER[1]
        && head[2] == HEADER[2]
        && (head[3] & 4) != 0
        && head[10] == 6
        && head[11] == 0
        && head[12] == 'B'
        && head[13] == 'C';
  }

  static int getShort(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
  }

  static int getInt(byte[] bytes, int at) {
    return getShort(bytes, at) | getShort(bytes, at + 2) << 16;
  }

  static void putShort(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >>> 8);
  }

  static void putInt(byte[] bytes, int at, int value) {
    putShort(bytes, at, value);
    putShort(bytes, at + 2, value >>> 16);
  }
}
