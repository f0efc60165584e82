package io.nfspawn.bams3;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A window on one BAM record: the bytes as they were in the file, the leading block size included.
 * Moving it creates nothing, so a loop over millions of records leaves no garbage. Not thread-safe;
 * whoever keeps a record beyond the next move takes a {@link #copy()}.
 *
 * <pre>
 *  0 block_size i32   4 refID i32     8 pos i32        12 l_read_name u8  13 mapq u8  14 bin u16
 * 16 n_cigar u16     18 flag u16     20 l_seq i32      24 next_refID i32  28 next_pos i32
 * 32 tlen i32        36 read_name\0  cigar u32[]       seq 4 bit          qual u8[]   tags
 * </pre>
 *
 * Source: SAM specification, section 4.2.
 */
public final class RecordView {
  /** Bytes before the read name, block size included. */
  public static final int FIXED_BYTES = 36;

  public static final int PAIRED = 0x1;
  public static final int PROPER_PAIR = 0x2;
  public static final int UNMAPPED = 0x4;
  public static final int MATE_UNMAPPED = 0x8;
  public static final int REVERSE = 0x10;
  public static final int MATE_REVERSE = 0x20;
  public static final int READ1 = 0x40;
  public static final int READ2 = 0x80;
  public static final int SECONDARY = 0x100;
  public static final int QC_FAIL = 0x200;
  public static final int DUPLICATE = 0x400;
  public static final int SUPPLEMENTARY = 0x800;

  /** Which CIGAR operations move along the reference: M D N = X, as bits by operation code. */
  private static final int CONSUMES_REFERENCE = 1 | 1 << 2 | 1 << 3 | 1 << 7 | 1 << 8;

  private static final int SOFT_CLIP = 4;
  private static final byte[] NOTHING = new byte[0];

  private byte[] bytes = NOTHING;
  private int offset;
  private int lengthBytes;

  /**
   * Moves this view.
   *
   * @param buffer holds the record; not copied
   * @param recordOffset where its block size lies
   * @param recordLengthBytes block size + 4
   */
  public void moveTo(byte[] buffer, int recordOffset, int recordLengthBytes) {
    bytes = buffer;
    offset = recordOffset;
    lengthBytes = recordLengthBytes;
  }

  /** The array this record lies in; read it only, from {@link #offset()} on. */
  public byte[] buffer() {
    return bytes;
  }

  public int offset() {
    return offset;
  }

  /** Length in bytes, the leading block size included. */
  public int lengthBytes() {
    return lengthBytes;
  }

  /** Index of the contig the record is placed on; -1 when unplaced. */
  public int contigIndex() {
    return int32(4);
  }

  /** First reference base, 0-based; -1 when there is none. */
  public int start0() {
    return int32(8);
  }

  /**
   * One past the last reference base. A record that covers none (unmapped, no CIGAR) counts as one
   * base long, as in htslib's bam_endpos.
   */
  public int end0() {
    return (int) Math.min(Integer.MAX_VALUE, (long) start0() + Math.max(1, referenceSpanBp()));
  }

  public int flag() {
    return uint16(18);
  }

  /** Whether all bits of a mask are set. */
  public boolean has(int flagMask) {
    return (flag() & flagMask) == flagMask;
  }

  public int mapq() {
    return bytes[offset + 13] & 0xff;
  }

  public int mateContigIndex() {
    return int32(24);
  }

  /** Start of the mate, 0-based; -1 when there is none. */
  public int mateStart0() {
    return int32(28);
  }

  public int templateLengthBp() {
    return int32(32);
  }

  /** Number of bases stored with the record. */
  public int readLengthBp() {
    return int32(20);
  }

  /** The read name; creates a string. */
  public String name() {
    return new String(bytes, nameOffset(), nameLength(), StandardCharsets.ISO_8859_1);
  }

  /** Where the read name starts in {@link #buffer()}. */
  public int nameOffset() {
    return offset + FIXED_BYTES;
  }

  /** Length of the read name without its NUL. */
  public int nameLength() {
    return Math.max(0, (bytes[offset + 12] & 0xff) - 1);
  }

  /** Where the CIGAR field starts; for more than 65,535 operations see {@link #cigarOffset()}. */
  private int storedCigarOffset() {
    return offset + FIXED_BYTES + (bytes[offset + 12] & 0xff);
  }

  /** Where the stored bases start: two a byte, high half first. */
  public int basesOffset() {
    return storedCigarOffset() + 4 * uint16(16);
  }

  /** Where the qualities start: one byte a base, 0xff in the first when absent. */
  public int qualitiesOffset() {
    return basesOffset() + (readLengthBp() + 1) / 2;
  }

  /** Where the tags start; they end with the record. */
  public int tagsOffset() {
    return qualitiesOffset() + readLengthBp();
  }

  /** Whether the CIGAR is kept in the tag CG because it has more than 65,535 operations. */
  public boolean hasLongCigar() {
    return longCigarTag() >= 0;
  }

  /**
   * Where the CIGAR operations start (length &lt;&lt; 4 | code), in the tag CG if they are there.
   */
  public int cigarOffset() {
    int tag = longCigarTag();
    return tag >= 0 ? tag + 8 : storedCigarOffset();
  }

  /** Number of CIGAR operations. */
  public int cigarOperations() {
    int tag = longCigarTag();
    return tag >= 0 ? LittleEndian.int32(bytes, tag + 4) : uint16(16);
  }

  /** Reference bases that the CIGAR covers; 0 when unmapped. */
  public int referenceSpanBp() {
    if (has(UNMAPPED)) {
      return 0;
    }
    long span = 0;
    int at = cigarOffset();
    for (int i = cigarOperations(); i > 0; i--, at += 4) {
      int operation = LittleEndian.int32(bytes, at);
      if ((CONSUMES_REFERENCE >> (operation & 0xf) & 1) != 0) {
        span += operation >>> 4;
      }
    }
    return (int) Math.min(Integer.MAX_VALUE, span);
  }

  public boolean overlaps(Interval interval) {
    return contigIndex() == interval.contigIndex()
        && start0() < interval.end0()
        && end0() > interval.start0();
  }

  /** A view of a copy of the bytes, which nobody else moves. */
  public RecordView copy() {
    RecordView copy = new RecordView();
    copy.moveTo(toByteArray(), 0, lengthBytes);
    return copy;
  }

  /** The record's bytes, block size included. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(bytes, offset, offset + lengthBytes);
  }

  /** Writes the record's bytes, block size included. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, offset, lengthBytes);
  }

  /** What is wrong with the inner lengths of the record, or the empty text. */
  public String problem() {
    if (lengthBytes < FIXED_BYTES) {
      return "is shorter (%d bytes) than a record's fixed part (36)".formatted(lengthBytes);
    }
    if (nameLength() == 0 && (bytes[offset + 12] & 0xff) == 0) {
      return "has a read name without its end";
    }
    int seq = readLengthBp();
    long need =
        FIXED_BYTES
            + (long) (bytes[offset + 12] & 0xff)
            + 4L * uint16(16)
            + (seq + 1L) / 2
            + (long) seq;
    if (seq < 0 || need > lengthBytes) {
      return "says it needs %d bytes but has %d".formatted(need, lengthBytes);
    }
    return "";
  }

  /**
   * Offset of the tag CG (type B, 32-bit) if it holds the real CIGAR: the stored one starts with a
   * soft clip of the whole read. Else -1. The conditions are those of htslib's bam_tag2cigar.
   */
  private int longCigarTag() {
    int operations = uint16(16);
    if (operations == 0 || contigIndex() < 0 || start0() < 0) {
      return -1;
    }
    int first = LittleEndian.int32(bytes, storedCigarOffset());
    if ((first & 0xf) != SOFT_CLIP || first >>> 4 != readLengthBp()) {
      return -1;
    }
    int tag = Tags.find(bytes, tagsOffset(), offset + lengthBytes, 'C', 'G');
    if (tag < 0 || bytes[tag + 2] != 'B' || (bytes[tag + 3] != 'I' && bytes[tag + 3] != 'i')) {
      return -1;
    }
    int count = LittleEndian.int32(bytes, tag + 4);
    return count < operations || count >= 1 << 29 ? -1 : tag;
  }

  private int int32(int at) {
    return LittleEndian.int32(bytes, offset + at);
  }

  private int uint16(int at) {
    return LittleEndian.uint16(bytes, offset + at);
  }
}
