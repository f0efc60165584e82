package io.nfspawn.pipeline.bam;

import io.nfspawn.bams3.RecordView;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

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

  /** Writes header and records as a BAM stream and closes it. */
  public void writeBam(OutputStream out) throws IOException {
    try (StoredBgzf bgzf = new StoredBgzf(out)) {
      bgzf.write(header.encode());
      bgzf.write(records.array(), records.arrayOffset(), records.limit());
    }
  }

  /**
   * Writes a BAM stream of the records on a contig that is the window of length {@code lengthBp}
   * from {@code offsetBp} on, and closes it: positions, and those of mates on the same contig, are
   * less by that much. Mates before the new beginning are said to lie at 0: all that callers ask of
   * them is that they came before.
   */
  public void writeWindowBam(OutputStream out, int contigIndex, int offsetBp, int lengthBp)
      throws IOException {
    try (StoredBgzf bgzf = new StoredBgzf(out)) {
      bgzf.write(header.withLength(contigIndex, lengthBp).encode());
      for (int at = 0; at < records.limit(); at += 4 + records.getInt(at)) {
        writeMoved(bgzf, at, offsetBp);
      }
    }
  }

  /** Changed on its way out, so that nothing is copied to be changed. */
  private void writeMoved(StoredBgzf out, int at, int offsetBp) throws IOException {
    int mate = records.getInt(at + MATE_POS);
    boolean moves = records.getInt(at + MATE_CONTIG) == records.getInt(at + CONTIG) && mate >= 0;
    write(out, at, at + POS);
    write(out, records.getInt(at + POS) - offsetBp);
    write(out, at + POS + Integer.BYTES, at + MATE_POS);
    write(out, moves ? Math.max(0, mate - offsetBp) : mate);
    write(out, at + MATE_POS + Integer.BYTES, at + 4 + records.getInt(at));
  }

  private static void write(StoredBgzf out, int value) throws IOException {
    byte[] bytes = new byte[Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(value);
    out.write(bytes);
  }

  private void write(StoredBgzf out, int from, int to) throws IOException {
    out.write(records.array(), records.arrayOffset() + from, to - from);
  }

  /**
   * Reads a whole BAM stream, of any compression level, from position to limit; {@code bam} may
   * change when this returns.
   */
  public static ItemRecords readBam(ByteBuffer bam) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(InflatedBgzf.of(bam)).order(ByteOrder.LITTLE_ENDIAN);
      BamHeader header = BamHeader.decode(bytes);
      return new ItemRecords(header, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("work item is not a sound BAM stream: " + e.getMessage(), e);
    }
  }
}
