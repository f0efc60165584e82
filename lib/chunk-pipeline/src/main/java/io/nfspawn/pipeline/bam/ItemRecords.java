package io.nfspawn.pipeline.bam;

import io.nfspawn.bams3.RecordView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * The records of one work item: those that overlap its padded interval, all on its contig, in file
 * order, as uncompressed BAM bytes (laid out as in {@link RecordView}). Immutable by agreement: the
 * arrays are not copied.
 */
public final class ItemRecords {
  private static final int CONTIG = 4;
  private static final int POS = 8;
  private static final int MATE_CONTIG = 24;
  private static final int MATE_POS = 28;

  private final BamHeader header;
  private final ByteBuffer records;

  /**
   * @param records BAM records back to back, each behind its block_size, from position to limit of
   *     a buffer with an array
   */
  public ItemRecords(BamHeader header, ByteBuffer records) {
    this.header = header;
    this.records = records.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  public BamHeader header() {
    return header;
  }

  public boolean isEmpty() {
    return records.limit() == 0;
  }

  /** Shows every record in file order; the view moves on when {@code visitor} returns. */
  public void forEach(Consumer<RecordView> visitor) {
    RecordView view = new RecordView();
    for (int at = 0; at < records.limit(); ) {
      int lengthBytes = 4 + records.getInt(at);
      view.moveTo(records.array(), records.arrayOffset() + at, lengthBytes);
      visitor.accept(view);
      at += lengthBytes;
    }
  }

  /**
   * The same records on a contig that begins {@code offsetBp} bases later: positions, and those of
   * mates on the same contig, are less by that much. Mates before the new beginning are said to lie
   * at 0: all that callers ask of them is that they came before.
   */
  ByteBuffer movedLeft(int offsetBp) {
    ByteBuffer moved = ByteBuffer.allocate(records.limit()).order(ByteOrder.LITTLE_ENDIAN);
    moved.put(records.duplicate().rewind());
    for (int at = 0; at < moved.limit(); at += 4 + moved.getInt(at)) {
      moved.putInt(at + POS, moved.getInt(at + POS) - offsetBp);
      int mate = moved.getInt(at + MATE_POS);
      if (moved.getInt(at + MATE_CONTIG) == moved.getInt(at + CONTIG) && mate >= 0) {
        moved.putInt(at + MATE_POS, Math.max(0, mate - offsetBp));
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
