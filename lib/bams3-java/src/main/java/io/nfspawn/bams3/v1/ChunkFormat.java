package io.nfspawn.bams3.v1;

/**
 * Bytes of a chunk around its pages, all numbers little-endian; see {@link PageRow} for the rows of
 * the directory.
 *
 * <pre>
 * header      0 magic "BAM3"    4 version u16 = 0x0100    6 zero u16
 * pages       end to end
 * directory   rows, raw or one zstd frame
 * tail        0 contig i32      4 window u32      8 part u32        12 pages u32
 *            16 records u64    24 stored bytes of the directory u32
 *            28 raw bytes of the directory u32    32 CRC32C of the stored directory
 *            36 codec of the directory u8         37 zero u8 × 3
 *            40 CRC32C of tail bytes 0 to 39      44 magic "BAM3"
 * </pre>
 *
 * Source: docs/format/bams3-v1.md, section 4.
 */
final class ChunkFormat {
  static final int MAGIC = 'B' | 'A' << 8 | 'M' << 16 | '3' << 24;
  static final int VERSION = 0x0100;
  static final int HEADER_BYTES = 8;
  static final int TAIL_BYTES = 48;
  static final int RAW = 0;
  static final int ZSTD = 1;

  /** A page that has grown to this is closed, whatever its number of records. */
  static final int PAGE_RAW_BYTES = 1 << 22;

  /** Largest page of more than one record that a reader accepts. */
  static final int MAX_PAGE_RAW_BYTES = 1 << 23;

  static final int MAX_PAGE_RECORDS = 1 << 14;

  /** Largest page a reader accepts: one BAM record may be nearly this long. */
  static final int MAX_RAW_BYTES = Integer.MAX_VALUE - 64;

  static final int MAX_DIRECTORY_BYTES = 1 << 28;

  /** A part of a window ends here. */
  static final long PART_RAW_BYTES = 1L << 28;

  /** Chunks without a window end here. */
  static final long FREE_CHUNK_RAW_BYTES = 1L << 26;

  private ChunkFormat() {}
}
