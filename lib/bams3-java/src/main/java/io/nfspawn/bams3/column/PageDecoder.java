package io.nfspawn.bams3.column;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.codec.CodecException;

/** Decodes pages; owned by one thread, used for many pages. */
public final class PageDecoder implements AutoCloseable {
  /** Values are written whole before it is known that they fit; so much room is behind the page. */
  static final int SLACK_BYTES = 512;

  private final PageTable table = new PageTable();
  private final EmbeddedReference reference = new EmbeddedReference();
  private final Differences differences = new Differences();
  private final ColumnSources columns = new ColumnSources();
  private final NameReader names = new NameReader();
  private final BaseReader bases = new BaseReader(reference, differences);
  private final QualityReader qualities = new QualityReader();
  private final DerivedTags derived = new DerivedTags(table, reference, differences);
  private final TagReader tags = new TagReader(derived);
  private byte[] out = {};

  /** Records of the page decoded last, from the first byte on; valid until the next. */
  public byte[] records() {
    return out;
  }

  /**
   * Decodes a page.
   *
   * @param stored holds the page at an offset
   * @param contig the chunk's contig, -1 unplaced, -2 when each record has its own
   * @throws CodecException when it is not what an encoder made; the message completes "has a page
   *     at byte n"
   */
  public void decode(byte[] stored, int offset, PageShape shape, int contig) throws CodecException {
    try {
      decodePage(stored, offset, shape, contig);
    } catch (CodecException e) {
      throw explained(e);
    } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new CodecException("that contradicts itself: " + e.getMessage());
    }
  }

  /** Names the column in the message. */
  static CodecException explained(CodecException e) {
    return e.stream() < 0
        ? e
        : new CodecException(
            "whose column %s %s".formatted(Column.name(e.stream()), e.getMessage()));
  }

  private void decodePage(byte[] stored, int offset, PageShape shape, int contig)
      throws CodecException {
    int rawBytes = shape.rawBytes();
    if (out.length < rawBytes + SLACK_BYTES) {
      out = new byte[rawBytes + SLACK_BYTES];
    }
    columns.moveTo(stored, offset, shape.storedBytes(), shape);
    columns.openAll();
    table.clear(shape.records());
    FieldReader.readFlags(columns, table);
    FieldReader.readMapqs(columns, table);
    FieldReader.readContigs(columns, table, contig);
    FieldReader.readPositions(columns, table);
    FieldReader.readLengths(columns, table, rawBytes);
    FieldReader.readCigars(columns, table, rawBytes);
    FieldReader.readMates(columns, table);
    FieldReader.readBins(columns, table);
    names.moveTo(columns);
    bases.moveTo(columns, rawBytes);
    qualities.moveTo(columns, table);
    derived.useQualities(qualities.qualities(), qualities.starts());
    tags.moveTo(columns, out, rawBytes + SLACK_BYTES / 2);
    int at = 0;
    for (int i = 0; i < table.records; i++) {
      at = assemble(i, at, rawBytes);
    }
    if (at != rawBytes) {
      throw new CodecException("whose records have %d bytes, want %d".formatted(at, rawBytes));
    }
    bases.checkEnd();
    columns.checkEnds();
  }

  /** Writes a record from an offset on; returns where it ends. */
  private int assemble(int record, int start, int limit) throws CodecException {
    table.start[record] = start;
    int length = table.length[record];
    int operations = table.opCount(record);
    long least = start + RecordView.FIXED_BYTES + 1L + 4L * operations + (length + 1L) / 2 + length;
    if (least > limit) {
      throw new CodecException("whose records are larger than the page says");
    }
    int at = start + RecordView.FIXED_BYTES;
    int nameBytes = names.read(table, record, out, at);
    at += nameBytes;
    if (least + nameBytes - 1 > limit) {
      throw new CodecException("whose records are larger than the page says");
    }
    for (int i = table.opStart[record]; i < table.opStart[record + 1]; i++, at += 4) {
      LittleEndian.putInt32(out, at, table.ops[i]);
    }
    bases.read(table, record, out, at);
    at += (length + 1) / 2;
    qualities.read(table, record, out, at);
    at += length;
    at = tags.read(record, at);
    putFixed(record, start, at - start - 4, nameBytes, operations);
    return at;
  }

  private void putFixed(int record, int at, int blockSize, int nameBytes, int operations) {
    LittleEndian.putInt32(out, at, blockSize);
    LittleEndian.putInt32(out, at + 4, table.contig[record]);
    LittleEndian.putInt32(out, at + 8, table.pos[record]);
    out[at + 12] = (byte) nameBytes;
    out[at + 13] = (byte) table.mapq[record];
    LittleEndian.putInt16(out, at + 14, table.bin[record]);
    LittleEndian.putInt16(out, at + 16, operations);
    LittleEndian.putInt16(out, at + 18, table.flag[record]);
    LittleEndian.putInt32(out, at + 20, table.length[record]);
    LittleEndian.putInt32(out, at + 24, table.mateContig[record]);
    LittleEndian.putInt32(out, at + 28, table.matePos[record]);
    LittleEndian.putInt32(out, at + 32, table.templateLength[record]);
  }

  @Override
  public void close() {
    columns.close();
  }
}
