package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.codec.CodecException;
import io.nfspawn.bams3.column.CoreColumns;
import io.nfspawn.bams3.store.ByteRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Walks the core columns of pages, and reads nothing else of them. */
final class CoreScan {
  /** Ranges asked for at once. */
  private static final int BATCH = 256;

  /** What is done with each page. */
  interface Visitor {
    void visit(ChunkInfo chunk, PageRow row, CoreColumns page) throws IOException, CodecException;
  }

  private final DatasetReader dataset;
  private final Selection selection;

  CoreScan(DatasetReader dataset, Selection selection) {
    this.dataset = dataset;
    this.selection = selection;
  }

  /** Visits the pages that a selection may want, in file order. */
  void run(Visitor visitor) throws IOException {
    try (CoreColumns columns = new CoreColumns()) {
      for (ChunkInfo chunk : dataset.chunks()) {
        if (selection.mayTouch(chunk.contigIndex(), chunk.minStart0(), chunk.maxEnd0())) {
          List<PageRow> wanted = new ArrayList<>();
          for (PageRow row : dataset.directory(chunk)) {
            if (row.mayTouch(selection, chunk.contigIndex())) {
              wanted.add(row);
            }
          }
          for (int from = 0; from < wanted.size(); from += BATCH) {
            int to = Math.min(wanted.size(), from + BATCH);
            visit(chunk, wanted.subList(from, to), columns, visitor);
          }
        }
      }
    }
  }

  private void visit(ChunkInfo chunk, List<PageRow> rows, CoreColumns columns, Visitor visitor)
      throws IOException {
    List<ByteRange> ranges = new ArrayList<>(rows.size());
    for (PageRow row : rows) {
      ranges.add(new ByteRange(row.offset(), row.shape().coreBytes()));
    }
    List<byte[]> cores = dataset.chunkReader().readAll(chunk, ranges);
    for (int i = 0; i < rows.size(); i++) {
      PageRow row = rows.get(i);
      try {
        columns.moveTo(cores.get(i), 0, row.shape(), chunk.contigIndex());
        visitor.visit(chunk, row, columns);
      } catch (CodecException e) {
        throw dataset.chunkReader().badPage(chunk, row, e);
      }
    }
  }
}
