package io.nfspawn.bams3.column;

import io.nfspawn.bams3.Field;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.codec.CodecException;
import java.util.Arrays;

/**
 * Decodes some fields of pages into records that lack the others; owned by one thread, used for
 * many pages. Only the columns of a {@link Projection} need to be there.
 */
public final class ProjectedDecoder implements AutoCloseable {
  private static final int UNKNOWN_PAIR = Nibbles.UNKNOWN << 4 | Nibbles.UNKNOWN;

  private final Projection projection;
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
  private byte[] unwantedBases = {};
  private int end;

  public ProjectedDecoder(Projection projection) {
    this.projection = projection;
  }

  /** Records of the page decoded last, from the first byte on; valid until the next. */
  public byte[] records() {
    return out;
  }

  /** Their size. */
  public int lengthBytes() {
    return end;
  }

  /**
   * Decodes a page.
   *
   * @param page starts with the page; what the projection does not want need not be there
   * @param contig the chunk's contig, -1 unplaced, -2 when each record has its own
   * @return false when the rest of the page is needed as well and {@link PageDecoder} must decode
   *     it: a CIGAR in a tag, a tag computed from the mate's qualities
   * @throws CodecException as {@link PageDecoder#decode} does
   */
  public boolean decode(byte[] page, PageShape shape, int contig) throws CodecException {
    try {
      return decodePage(page, shape, contig);
    } catch (CodecException e) {
      throw PageDecoder.explained(e);
    } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new CodecException("that contradicts itself: " + e.getMessage());
    }
  }

  private boolean decodePage(byte[] page, PageShape shape, int contig) throws CodecException {
    int rawBytes = shape.rawBytes();
    int limit = rawBytes + shape.records();
    if (out.length < limit + PageDecoder.SLACK_BYTES) {
      out = new byte[limit + PageDecoder.SLACK_BYTES];
    }
    columns.moveTo(page, 0, shape.storedBytes(), shape);
    table.clear(shape.records());
    readCore(contig, rawBytes);
    if (needsCigars() && hasCigarInTag()) {
      return false;
    }
    if (has(Field.NAME)) {
      names.moveTo(columns);
    }
    if (needsBases()) {
      bases.moveTo(columns, rawBytes);
    }
    if (has(Field.QUALITIES)) {
      qualities.moveTo(columns, table);
      derived.useQualities(qualities.qualities(), qualities.starts());
    }
    if (has(Field.TAGS)) {
      tags.moveTo(columns, out, limit + PageDecoder.SLACK_BYTES / 2);
      if (!has(Field.QUALITIES) && tags.derives(TagKeys.Derived.MATE_SCORE)) {
        return false;
      }
    }
    end = 0;
    for (int i = 0; i < table.records; i++) {
      end = assemble(i, end, limit);
    }
    columns.checkOpenedEnds();
    return true;
  }

  private boolean has(Field field) {
    return projection.has(field);
  }

  private boolean needsBases() {
    return has(Field.BASES) || has(Field.TAGS);
  }

  private boolean needsMates() {
    return has(Field.MATE) || has(Field.NAME) || has(Field.TAGS);
  }

  private boolean needsCigars() {
    return has(Field.CIGAR) || needsMates() || needsBases();
  }

  private void readCore(int contig, int rawBytes) throws CodecException {
    FieldReader.readFlags(columns, table);
    FieldReader.readContigs(columns, table, contig);
    FieldReader.readPositions(columns, table);
    if (has(Field.MAPQ) || has(Field.TAGS)) {
      FieldReader.readMapqs(columns, table);
    }
    if (needsCigars() || has(Field.QUALITIES)) {
      FieldReader.readLengths(columns, table, rawBytes);
    }
    if (needsCigars()) {
      FieldReader.readCigars(columns, table, rawBytes);
    }
    if (needsMates()) {
      FieldReader.readMates(columns, table);
    }
  }

  /** Whether the tag CG may hold a CIGAR: the stored one starts with a clip of all bases. */
  private boolean hasCigarInTag() {
    for (int i = 0; i < table.records; i++) {
      if (table.opCount(i) > 0 && table.length[i] > 0) {
        int first = table.ops[table.opStart[i]];
        if ((first & 0xf) == PageTable.SOFT_CLIP && first >>> 4 == table.length[i]) {
          return true;
        }
      }
    }
    return false;
  }

  /** Writes a record from an offset on; returns where it ends. */
  private int assemble(int record, int start, int limit) throws CodecException {
    table.start[record] = start;
    int operations = has(Field.CIGAR) ? table.opCount(record) : 0;
    int length = has(Field.BASES) || has(Field.QUALITIES) ? table.length[record] : 0;
    long least = start + RecordView.FIXED_BYTES + 1L + 4L * operations + (length + 1L) / 2 + length;
    if (least > limit) {
      throw new CodecException("whose records are larger than the page says");
    }
    int at = start + RecordView.FIXED_BYTES;
    int nameBytes = readName(record, at);
    at += nameBytes;
    if (least + nameBytes - 1 > limit) {
      throw new CodecException("whose records are larger than the page says");
    }
    if (operations > 0) {
      for (int i = table.opStart[record]; i < table.opStart[record + 1]; i++, at += 4) {
        LittleEndian.putInt32(out, at, table.ops[i]);
      }
    }
    readBases(record, at, length);
    at += (length + 1) / 2;
    if (has(Field.QUALITIES)) {
      qualities.read(table, record, out, at);
    } else {
      Arrays.fill(out, at, at + length, (byte) 0xff);
    }
    at += length;
    if (has(Field.TAGS)) {
      at = tags.read(record, at);
    }
    putFixed(record, start, at - start - 4, nameBytes, operations, length);
    return at;
  }

  /** Named {@code *} where names are not wanted. */
  private int readName(int record, int at) throws CodecException {
    if (!has(Field.NAME)) {
      out[at] = '*';
      out[at + 1] = 0;
      return 2;
    }
    return names.read(table, record, out, at);
  }

  /** Tags are computed from bases, wanted or not. */
  private void readBases(int record, int at, int length) throws CodecException {
    if (has(Field.BASES)) {
      bases.read(table, record, out, at);
      return;
    }
    if (needsBases()) {
      int packed = (table.length[record] + 1) / 2;
      if (unwantedBases.length < packed) {
        unwantedBases = new byte[packed + packed / 2];
      }
      bases.read(table, record, unwantedBases, 0);
    }
    Arrays.fill(out, at, at + (length + 1) / 2, (byte) UNKNOWN_PAIR);
    if ((length & 1) != 0) {
      out[at + length / 2] = (byte) (Nibbles.UNKNOWN << 4);
    }
  }

  private void putFixed(
      int record, int at, int blockSize, int nameBytes, int operations, int length) {
    boolean mates = has(Field.MATE);
    LittleEndian.putInt32(out, at, blockSize);
    LittleEndian.putInt32(out, at + 4, table.contig[record]);
    LittleEndian.putInt32(out, at + 8, table.pos[record]);
    out[at + 12] = (byte) nameBytes;
    out[at + 13] = (byte) (has(Field.MAPQ) ? table.mapq[record] : 0);
    LittleEndian.putInt16(out, at + 14, needsCigars() ? table.computeBin(record) : 0);
    LittleEndian.putInt16(out, at + 16, operations);
    LittleEndian.putInt16(out, at + 18, table.flag[record]);
    LittleEndian.putInt32(out, at + 20, length);
    LittleEndian.putInt32(out, at + 24, mates ? table.mateContig[record] : -1);
    LittleEndian.putInt32(out, at + 28, mates ? table.matePos[record] : -1);
    LittleEndian.putInt32(out, at + 32, mates ? table.templateLength[record] : 0);
  }

  @Override
  public void close() {
    columns.close();
  }
}
