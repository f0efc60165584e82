package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSink;

/** Writes the core columns and bins. */
final class FieldWriter {
  private final ColumnSinks sinks;

  FieldWriter(ColumnSinks sinks) {
    this.sinks = sinks;
  }

  void write(PageTable table, boolean anyContig) {
    writeFlags(table);
    writePositions(table, anyContig);
    writeCigars(table);
    writeMates(table);
    writeBins(table);
  }

  private void writeFlags(PageTable table) {
    ByteSink low = sinks.sink(Column.FLAG_LOW);
    ByteSink high = sinks.sink(Column.FLAG_HIGH);
    ByteSink mapq = sinks.sink(Column.MAPQ);
    for (int i = 0; i < table.records; i++) {
      low.put(table.flag[i]);
      high.put(table.flag[i] >>> 8);
      mapq.put(table.mapq[i]);
    }
  }

  private void writePositions(PageTable table, boolean anyContig) {
    ByteSink contig = sinks.sink(Column.CONTIG);
    ByteSink pos = sinks.sink(Column.POS);
    ByteSink length = sinks.sink(Column.LENGTH);
    int lastContig = -1;
    int lastPos = 0;
    for (int i = 0; i < table.records; i++) {
      if (anyContig) {
        contig.putSigned(table.contig[i] - lastContig);
        lastContig = table.contig[i];
      }
      pos.putSigned(table.pos[i] - lastPos);
      lastPos = table.pos[i];
      length.putUnsigned(table.length[i]);
    }
  }

  private void writeCigars(PageTable table) {
    ByteSink count = sinks.sink(Column.CIGAR_COUNT);
    ByteSink op = sinks.sink(Column.CIGAR_OP);
    for (int i = 0; i < table.records; i++) {
      if (table.isPlain(i)) {
        count.putUnsigned(0);
      } else {
        count.putUnsigned(table.opCount(i) + 1);
        for (int k = table.opStart[i]; k < table.opStart[i + 1]; k++) {
          op.putUnsigned(table.ops[k]);
        }
      }
    }
  }

  private void writeMates(PageTable table) {
    ByteSink kind = sinks.sink(Column.MATE_KIND);
    ByteSink link = sinks.sink(Column.LINK);
    ByteSink contig = sinks.sink(Column.MATE_CONTIG);
    ByteSink pos = sinks.sink(Column.MATE_POS);
    ByteSink tlen = sinks.sink(Column.TLEN);
    for (int i = 0; i < table.records; i++) {
      kind.put(table.kind[i]);
      link.putUnsigned(table.link[i]);
      if (table.kind[i] == PageTable.EXPLICIT) {
        contig.putSigned(table.mateContig[i] - table.contig[i]);
        pos.putSigned(table.matePos[i] - table.pos[i]);
      }
      tlen.putSigned(table.templateLength[i] - table.predictTemplateLength(i));
    }
  }

  private void writeBins(PageTable table) {
    ByteSink bin = sinks.sink(Column.BIN);
    for (int i = 0; i < table.records; i++) {
      bin.putUnsigned(table.bin[i] ^ table.computeBin(i));
    }
  }
}
