package io.nfspawn.bams3.v09;

/**
 * Bytes of a chunk, all numbers little-endian.
 *
 * <pre>
 * header      0 magic "B3C9"   4 version u16 = 9   6 zero u16
 * pages       zstd frames end to end; each inflates to whole BAM records, block sizes included
 * directory   one row of 44 bytes a page:
 *             0 offset i64        8 stored bytes i32   12 raw bytes i32    16 records i32
 *            20 min start i32    24 max end i32        28 max span i32     32 mapped i32
 *            36 duplicates i32   40 CRC32C of the stored bytes
 * tail        0 contig i32        4 number i32          8 pages i32        12 records i64
 *            20 CRC32C of the directory                24 CRC32C of tail bytes 0 to 23
 *            28 magic "B3C9"
 * </pre>
 */
final class ChunkFormat {
  static final int MAGIC = 'B' | '3' << 8 | 'C' << 16 | '9' << 24;
  static final int VERSION = 9;
  static final int HEADER_BYTES = 8;
  static final int ROW_BYTES = 44;
  static final int TAIL_BYTES = 32;

  /** Records a page has at most. */
  static final int PAGE_RECORDS = 2048;

  /** A page that has grown to this is closed, whatever its number of records. */
  static final int PAGE_RAW_BYTES = 1 << 22;

  /** Largest page a reader accepts: one BAM record may be nearly this long. */
  static final int MAX_RAW_BYTES = Integer.MAX_VALUE - 64;

  /** Chunks without a window end here. */
  static final long FREE_CHUNK_RAW_BYTES = 1L << 26;

  private ChunkFormat() {}
}
