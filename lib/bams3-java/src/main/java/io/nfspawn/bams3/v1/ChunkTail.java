package io.nfspawn.bams3.v1;

import com.github.luben.zstd.Zstd;
import io.nfspawn.bams3.LittleEndian;
import java.util.Arrays;

/**
 * The last bytes of a chunk; see {@link ChunkFormat}.
 *
 * @param storedBytes size of the directory as it is stored
 * @param rawBytes size of its rows
 * @param crc32c of the stored directory
 */
record ChunkTail(
    ChunkName name, int pages, long records, int storedBytes, int rawBytes, int crc32c, int codec) {

  byte[] toBytes() {
    byte[] tail = new byte[ChunkFormat.TAIL_BYTES];
    LittleEndian.putInt32(tail, 0, name.contig());
    LittleEndian.putInt32(tail, 4, name.window());
    LittleEndian.putInt32(tail, 8, name.part());
    LittleEndian.putInt32(tail, 12, pages);
    LittleEndian.putInt64(tail, 16, records);
    LittleEndian.putInt32(tail, 24, storedBytes);
    LittleEndian.putInt32(tail, 28, rawBytes);
    LittleEndian.putInt32(tail, 32, crc32c);
    tail[36] = (byte) codec;
    LittleEndian.putInt32(tail, 40, Digests.crc32c(tail, 0, 40));
    LittleEndian.putInt32(tail, 44, ChunkFormat.MAGIC);
    return tail;
  }

  /** Whether bytes at an offset look like a tail and have its checksum. */
  static boolean isSound(byte[] bytes, int at) {
    return LittleEndian.int32(bytes, at + 44) == ChunkFormat.MAGIC
        && LittleEndian.int32(bytes, at + 40) == Digests.crc32c(bytes, at, 40);
  }

  static ChunkTail read(byte[] bytes, int at) {
    return new ChunkTail(
        new ChunkName(
            LittleEndian.int32(bytes, at),
            LittleEndian.int32(bytes, at + 4),
            LittleEndian.int32(bytes, at + 8)),
        LittleEndian.int32(bytes, at + 12),
        LittleEndian.int64(bytes, at + 16),
        LittleEndian.int32(bytes, at + 24),
        LittleEndian.int32(bytes, at + 28),
        LittleEndian.int32(bytes, at + 32),
        bytes[at + 36]);
  }

  /** The rows as they are stored: packed when that is smaller. */
  static byte[] pack(byte[] rows) {
    byte[] packed = Zstd.compress(rows, 3);
    return packed.length < rows.length ? packed : rows;
  }

  /** The rows of a stored directory; null when zstd does not give what the tail says. */
  byte[] unpack(byte[] stored, int at) {
    if (codec == ChunkFormat.RAW) {
      return Arrays.copyOfRange(stored, at, at + storedBytes);
    }
    byte[] rows = new byte[rawBytes];
    long size = Zstd.decompressByteArray(rows, 0, rawBytes, stored, at, storedBytes);
    return size == rawBytes ? rows : new byte[0];
  }
}
