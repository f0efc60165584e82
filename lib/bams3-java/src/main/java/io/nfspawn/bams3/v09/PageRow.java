package io.nfspawn.bams3.v09;

import io.nfspawn.bams3.LittleEndian;

/** One row of a chunk's directory; see {@link ChunkFormat}. */
record PageRow(
    long offset,
    int storedBytes,
    int rawBytes,
    int records,
    int minStart0,
    int maxEnd0,
    int maxSpanBp,
    int mapped,
    int duplicates,
    int crc32c) {

  static PageRow read(byte[] bytes, int at) {
    return new PageRow(
        LittleEndian.int64(bytes, at),
        LittleEndian.int32(bytes, at + 8),
        LittleEndian.int32(bytes, at + 12),
        LittleEndian.int32(bytes, at + 16),
        LittleEndian.int32(bytes, at + 20),
        LittleEndian.int32(bytes, at + 24),
        LittleEndian.int32(bytes, at + 28),
        LittleEndian.int32(bytes, at + 32),
        LittleEndian.int32(bytes, at + 36),
        LittleEndian.int32(bytes, at + 40));
  }

  void write(byte[] bytes, int at) {
    LittleEndian.putInt64(bytes, at, offset);
    LittleEndian.putInt32(bytes, at + 8, storedBytes);
    LittleEndian.putInt32(bytes, at + 12, rawBytes);
    LittleEndian.putInt32(bytes, at + 16, records);
    LittleEndian.putInt32(bytes, at + 20, minStart0);
    LittleEndian.putInt32(bytes, at + 24, maxEnd0);
    LittleEndian.putInt32(bytes, at + 28, maxSpanBp);
    LittleEndian.putInt32(bytes, at + 32, mapped);
    LittleEndian.putInt32(bytes, at + 36, duplicates);
    LittleEndian.putInt32(bytes, at + 40, crc32c);
  }

  PageRow at(long newOffset) {
    return new PageRow(
        newOffset,
        storedBytes,
        rawBytes,
        records,
        minStart0,
        maxEnd0,
        maxSpanBp,
        mapped,
        duplicates,
        crc32c);
  }
}
