package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;

/**
 * The core columns of a page without the others: flags and mates for counting, positions and CIGARs
 * for depth. Needs only the page's first {@link PageShape#coreBytes()} bytes. Owned by one thread,
 * used for many pages.
 */
public final class CoreColumns implements AutoCloseable {
  /**
   * Kinds of mate for {@link #countFlags}: on the same contig, on another, there with mapq >= 5.
   */
  public static final int MATE_STATES = 3;

  /** The bits that have a meaning. */
  public static final int FLAGS = 1 << 12;

  private static final int GOOD_MAPQ = 5;

  private final ColumnSources columns = new ColumnSources();
  private final PageTable table = new PageTable();
  private final ByteColumn low = new ByteColumn();
  private final ByteColumn high = new ByteColumn();
  private final ByteColumn kinds = new ByteColumn();
  private final ByteColumn mapqs = new ByteColumn();
  private int chunkContig;

  /** A column of one byte a record, where it lies; what is absent has zeros. */
  private static final class ByteColumn {
    private byte[] zeros = {};
    private byte[] bytes = {};
    private int at;

    void moveTo(ByteSource source, int records) throws CodecException {
      if (source.isEndless()) {
        if (zeros.length < records) {
          zeros = new byte[records];
        }
        bytes = zeros;
        at = 0;
      } else {
        at = source.skip(records);
        bytes = source.bytes();
      }
    }
  }

  /**
   * Moves to a page.
   *
   * @param contig of all its records, or {@link FieldReader#ANY_CONTIG}
   */
  public void moveTo(byte[] stored, int offset, PageShape shape, int contig) throws CodecException {
    try {
      columns.moveTo(stored, offset, shape.coreBytes(), shape);
      table.resize(shape.records());
      chunkContig = contig;
    } catch (CodecException e) {
      throw PageDecoder.explained(e);
    }
  }

  public int records() {
    return table.records;
  }

  /** Flag of each record; after {@link #readAlignments}. */
  public int[] flags() {
    return table.flag;
  }

  /** Contig of each record; after {@link #readAlignments}. */
  public int[] contigs() {
    return table.contig;
  }

  /**
   * Counts records by flag and by where the mate is, in a page of one contig. In one pass over the
   * columns' bytes, without a call for a record of a pair: this is run before an optimising
   * compiler would have compiled it.
   *
   * @param counts {@link #MATE_STATES} times {@link #FLAGS} numbers, which are added to
   */
  public void countFlags(int[] counts) throws CodecException {
    try {
      int records = table.records;
      low.moveTo(columns.column(Column.FLAG_LOW), records);
      high.moveTo(columns.column(Column.FLAG_HIGH), records);
      kinds.moveTo(columns.column(Column.MATE_KIND), records);
      ByteSource mateContig = columns.column(Column.MATE_CONTIG);
      int alone = chunkContig != -1 ? 1 : 0;
      int[] elsewhere = table.scratch;
      int count = 0;
      byte[] lows = low.bytes;
      byte[] highs = high.bytes;
      byte[] mates = kinds.bytes;
      int lowAt = low.at;
      int highAt = high.at;
      int mateAt = kinds.at;
      for (int i = 0; i < records; i++) {
        int kind = mates[mateAt + i];
        if (kind != PageTable.PARTNER
            && (kind == PageTable.NO_MATE ? alone : mateContig.nextSigned()) != 0) {
          elsewhere[count++] = i;
        } else {
          counts[((lows[lowAt + i] & 0xff) | (highs[highAt + i] << 8)) & (FLAGS - 1)]++;
        }
      }
      if (count > 0) {
        countElsewhere(counts, count);
      }
    } catch (CodecException e) {
      throw PageDecoder.explained(e);
    }
  }

  /** Those in {@link PageTable#scratch}, whose mates are not on the contig. */
  private void countElsewhere(int[] counts, int count) throws CodecException {
    mapqs.moveTo(columns.column(Column.MAPQ), table.records);
    for (int k = 0; k < count; k++) {
      int i = table.scratch[k];
      int state = (mapqs.bytes[mapqs.at + i] & 0xff) >= GOOD_MAPQ ? 2 : 1;
      int flag = (low.bytes[low.at + i] & 0xff) | (high.bytes[high.at + i] << 8);
      counts[state * FLAGS + (flag & (FLAGS - 1))]++;
    }
  }

  /** Receives one record. */
  public interface FlagVisitor {
    void visit(int flag, int mateState, int contig);
  }

  /** Hands out the records one by one, for pages of several contigs. */
  public void visitFlags(FlagVisitor visitor) throws CodecException {
    int[] states = flagsAndMateStates();
    for (int i = 0; i < table.records; i++) {
      visitor.visit(table.flag[i], states[i], table.contig[i]);
    }
  }

  /** Of each record; mapping qualities are decoded only where a mate is on another contig. */
  private int[] flagsAndMateStates() throws CodecException {
    try {
      FieldReader.readContigs(columns, table, chunkContig);
      FieldReader.readFlags(columns, table);
      int[] states = table.kind;
      columns.column(Column.MATE_KIND).readBytes(states, table.records);
      ByteSource mateContig = columns.column(Column.MATE_CONTIG);
      boolean anyElsewhere = false;
      for (int i = 0; i < table.records; i++) {
        int mate = states[i];
        states[i] = 0;
        if (mate == PageTable.NO_MATE
            ? table.contig[i] != -1
            : mate != PageTable.PARTNER && mateContig.nextSigned() != 0) {
          states[i] = 1;
          anyElsewhere = true;
        }
      }
      if (anyElsewhere) {
        FieldReader.readMapqs(columns, table);
        for (int i = 0; i < table.records; i++) {
          states[i] += table.mapq[i] >= GOOD_MAPQ ? states[i] : 0;
        }
      }
      return states;
    } catch (CodecException e) {
      throw PageDecoder.explained(e);
    }
  }

  /** Decodes flags, positions and CIGARs; see {@link #position} and {@link #firstOperation}. */
  public void readAlignments(int pageRawBytes) throws CodecException {
    try {
      FieldReader.readContigs(columns, table, chunkContig);
      FieldReader.readFlags(columns, table);
      FieldReader.readPositions(columns, table);
      FieldReader.readLengths(columns, table, pageRawBytes);
      FieldReader.readCigars(columns, table, pageRawBytes);
    } catch (CodecException e) {
      throw PageDecoder.explained(e);
    }
  }

  public int position(int record) {
    return table.pos[record];
  }

  /** Place of a record's first operation in {@link #operations()}; of the next one's is its end. */
  public int firstOperation(int record) {
    return table.opStart[record];
  }

  /** CIGAR operations, length &lt;&lt; 4 | code. */
  public int[] operations() {
    return table.ops;
  }

  /** Whether an operation's bases stand against the reference: M, = or X. */
  public static boolean isAligned(int operation) {
    return ((PageTable.ALIGNED >> (operation & 0xf)) & 1) != 0;
  }

  /** Whether an operation moves along the reference. */
  public static boolean consumesReference(int operation) {
    return ((PageTable.REFERENCE >> (operation & 0xf)) & 1) != 0;
  }

  @Override
  public void close() {
    columns.close();
  }
}
