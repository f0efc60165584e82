package io.nfspawn.pipeline.bam;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;

/**
 * The records of one work item: those that overlap its padded interval, all on its contig, in file
 * order, as uncompressed BAM bytes.
 *
 * <pre>
 * 0  u32 block_size     12 u8 l_read_name   20 u32 l_seq        32 i32 tlen
 * 4  i32 refID          14 u16 bin          24 i32 next_refID   36 read name, CIGAR, …
 * 8  i32 pos            16 u16 n_cigar_op   28 i32 next_pos
 *                       18 u16 flag
 * </pre>
 *
 * (SAM specification, section 4.2.) Immutable by agreement: the arrays are not copied.
 */
public final class ItemRecords {
  private static final int FLAG_UNMAPPED = 4;

  /** Operations that consume reference bases: M, D, N, = and X. */
  private static final int CONSUMES_REFERENCE = 1 | 1 << 2 | 1 << 3 | 1 << 7 | 1 << 8;

  private final BamHeader header;
  private final ByteBuffer records;

  /**
   * @param records BAM records back to back, each behind its block_size; from position to limit
   */
  public ItemRecords(BamHeader header, ByteBuffer records) {
    this.header = header;
    this.records = records.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What is told of one record. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param start0 first reference base, 0-based
     * @param end0 one past its last reference base; a record without any counts as one base
     */
    void visit(int flag, int start0, int end0);
  }

  public BamHeader header() {
    return header;
  }

  public boolean isEmpty() {
    return records.limit() == 0;
  }

  /** Visits every record in file order. */
  public void forEach(Visitor visitor) {
    for (int at = 0; at < records.limit(); at += 4 + records.getInt(at)) {
      int start = records.getInt(at + 8);
      visitor.visit(
          Short.toUnsignedInt(records.getShort(at + 18)), start, start + spanBp(records, at));
    }
  }

  /**
   * Reference bases that a record covers; 1 when it covers none, as samtools counts it.
   *
   * @param at where its block_size stands
   */
  static int spanBp(ByteBuffer records, int at) {
    int flag = records.getShort(at + 18);
    int operations = Short.toUnsignedInt(records.getShort(at + 16));
    if ((flag & FLAG_UNMAPPED) != 0 || operations == 0) {
      return 1;
    }
    int cigar = at + 36 + Byte.toUnsignedInt(records.get(at + 12));
    int span = 0;
    for (int i = 0; i < operations; i++) {
      int operation = records.getInt(cigar + 4 * i);
      if ((CONSUMES_REFERENCE >>> (operation & 15) & 1) != 0) {
        span += operation >>> 4;
      }
    }
    return Math.max(span, 1);
  }

  /**
   * The same records on a contig that begins {@code offsetBp} bases later: positions, and those of
   * mates on the same contig, are less by that much. Mates before the new beginning are said to
   * lie at 0: all that callers ask of them is that they came before.
   */
  ByteBuffer movedLeft(int offsetBp) {
    ByteBuffer moved = ByteBuffer.allocate(records.limit()).order(ByteOrder.LITTLE_ENDIAN);
    moved.put(records.duplicate().rewind());
    for (int at = 0; at < moved.limit(); at += 4 + moved.getInt(at)) {
      moved.putInt(at + 8, moved.getInt(at + 8) - offsetBp);
      int mate = moved.getInt(at + 28);
      if (moved.getInt(at + 24) == moved.getInt(at + 4) && mate >= 0) {
        moved.putInt(at + 28, Math.max(0, mate - offsetBp));
      }
    }
    return moved.rewind();
  }

  /** Writes header and records as a BAM stream and closes it. */
  public void writeBam(OutputStream out) throws IOException {
    write(out, header, records.duplicate());
  }

  /**
   * Writes a BAM stream of the records on a contig that is the window of length {@code lengthBp}
   * from {@code offsetBp} on, and closes it.
   */
  public void writeWindowBam(OutputStream out, int contigIndex, int offsetBp, int lengthBp)
      throws IOException {
    write(out, header.withLength(contigIndex, lengthBp), movedLeft(offsetBp));
  }

  private static void write(OutputStream out, BamHeader header, ByteBuffer records)
      throws IOException {
    try (StoredBgzf bgzf = new StoredBgzf(out)) {
      bgzf.write(header.encode());
      byte[] bytes = new byte[Math.min(records.remaining(), 1 << 16)];
      while (records.hasRemaining()) {
        int part = Math.min(bytes.length, records.remaining());
        records.get(bytes, 0, part);
        bgzf.write(bytes, 0, part);
      }
    }
  }

  /** Reads a whole BAM stream, of any compression level. */
  public static ItemRecords readBam(byte[] bam) {
    ByteArrayOutputStream raw = new ByteArrayOutputStream(bam.length * 2);
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bam), 1 << 16)) {
      in.transferTo(raw);
    } catch (IOException e) {
      throw new UncheckedIOException("work item is not a sound BAM stream", e);
    }
    ByteBuffer bytes = ByteBuffer.wrap(raw.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    BamHeader header = BamHeader.decode(bytes);
    return new ItemRecords(header, bytes);
  }
}
