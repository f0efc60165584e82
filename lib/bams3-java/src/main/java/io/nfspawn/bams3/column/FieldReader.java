package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;

/** Reads the core columns and bins into a {@link PageTable}. */
final class FieldReader {
  static final int ANY_CONTIG = -2;
  private static final int MAX_CIGAR_OPS = 65_535;

  private FieldReader() {}

  static void readFlags(ColumnSources columns, PageTable table) throws CodecException {
    int[] flags = table.flag;
    int[] high = table.scratch;
    columns.column(Column.FLAG_LOW).readBytes(flags, table.records);
    columns.column(Column.FLAG_HIGH).readBytes(high, table.records);
    for (int i = 0; i < table.records; i++) {
      flags[i] |= high[i] << 8;
    }
  }

  static void readMapqs(ColumnSources columns, PageTable table) throws CodecException {
    columns.column(Column.MAPQ).readBytes(table.mapq, table.records);
  }

  /**
   * @param chunkContig the chunk's contig, {@link #ANY_CONTIG} when each record has its own
   */
  static void readContigs(ColumnSources columns, PageTable table, int chunkContig)
      throws CodecException {
    if (chunkContig != ANY_CONTIG) {
      java.util.Arrays.fill(table.contig, 0, table.records, chunkContig);
      return;
    }
    ByteSource contig = columns.column(Column.CONTIG);
    int last = -1;
    for (int i = 0; i < table.records; i++) {
      last += contig.nextSigned();
      table.contig[i] = last;
    }
  }

  static void readPositions(ColumnSources columns, PageTable table) throws CodecException {
    ByteSource pos = columns.column(Column.POS);
    int last = 0;
    for (int i = 0; i < table.records; i++) {
      last += pos.nextSigned();
      table.pos[i] = last;
    }
  }

  static void readLengths(ColumnSources columns, PageTable table, int pageRawBytes)
      throws CodecException {
    int[] lengths = table.length;
    columns.column(Column.LENGTH).readUnsigned(lengths, table.records);
    long total = 0;
    for (int i = 0; i < table.records; i++) {
      total += lengths[i];
      if (lengths[i] < 0 || total > pageRawBytes) {
        throw new CodecException(Column.LENGTH, "makes reads longer than the page");
      }
    }
  }

  /** Lengths and flags must be known. */
  static void readCigars(ColumnSources columns, PageTable table, int pageRawBytes)
      throws CodecException {
    ByteSource count = columns.column(Column.CIGAR_COUNT);
    ByteSource op = columns.column(Column.CIGAR_OP);
    int at = 0;
    for (int i = 0; i < table.records; i++) {
      int operations = count.nextCount();
      table.opStart[i] = at;
      if (operations == 0) {
        table.reserveOps(at + 1);
        table.ops[at++] = table.length[i] << 4;
      } else {
        operations--;
        if (operations > MAX_CIGAR_OPS || 4L * (at + operations) > pageRawBytes) {
          throw new CodecException(
              Column.CIGAR_COUNT, "has a CIGAR of %d operations".formatted(operations));
        }
        table.reserveOps(at + operations);
        for (int k = 0; k < operations; k++) {
          table.ops[at++] = op.nextUnsigned();
        }
      }
      table.opStart[i + 1] = at;
      table.computeSpan(i);
    }
  }

  /** Contigs, positions, flags and spans must be known. */
  static void readMates(ColumnSources columns, PageTable table) throws CodecException {
    ByteSource kind = columns.column(Column.MATE_KIND);
    ByteSource link = columns.column(Column.LINK);
    ByteSource contig = columns.column(Column.MATE_CONTIG);
    ByteSource pos = columns.column(Column.MATE_POS);
    kind.readBytes(table.kind, table.records);
    link.readUnsigned(table.link, table.records);
    for (int i = 0; i < table.records; i++) {
      if (table.link[i] > i || table.link[i] < 0 || table.kind[i] > PageTable.EXPLICIT) {
        throw new CodecException(
            Column.LINK,
            "links record %d to the one %s before"
                .formatted(i, Integer.toUnsignedString(table.link[i])));
      }
      if (table.kind[i] == PageTable.EXPLICIT) {
        table.mateContig[i] = table.contig[i] + contig.nextSigned();
        table.matePos[i] = table.pos[i] + pos.nextSigned();
      } else if (table.kind[i] == PageTable.NO_MATE) {
        table.mateContig[i] = -1;
        table.matePos[i] = -1;
      } else if (table.link[i] > 0) {
        join(table, i - table.link[i], i);
      }
    }
    for (int i = 0; i < table.records; i++) {
      if (table.kind[i] == PageTable.PARTNER && table.partner[i] < 0) {
        throw new CodecException(Column.MATE_KIND, "has record %d without partner".formatted(i));
      }
    }
    readTemplateLengths(columns, table);
  }

  private static void join(PageTable table, int first, int second) throws CodecException {
    if (table.kind[first] != PageTable.PARTNER
        || table.partner[first] >= 0
        || table.contig[first] != table.contig[second]) {
      throw new CodecException(
          Column.LINK, "makes partners of records %d and %d".formatted(first, second));
    }
    table.partner[first] = second;
    table.partner[second] = first;
    table.mateContig[first] = table.contig[second];
    table.mateContig[second] = table.contig[first];
    table.matePos[first] = table.pos[second];
    table.matePos[second] = table.pos[first];
  }

  private static void readTemplateLengths(ColumnSources columns, PageTable table)
      throws CodecException {
    ByteSource tlen = columns.column(Column.TLEN);
    for (int i = 0; i < table.records; i++) {
      table.templateLength[i] = table.predictTemplateLength(i) + tlen.nextSigned();
    }
  }

  static void readBins(ColumnSources columns, PageTable table) throws CodecException {
    ByteSource bin = columns.column(Column.BIN);
    for (int i = 0; i < table.records; i++) {
      table.bin[i] = (table.computeBin(i) ^ bin.nextUnsigned()) & 0xffff;
    }
  }
}
