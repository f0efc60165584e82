package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.codec.CodecException;
import io.nfspawn.bams3.column.CoreColumns;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Depth of each covered base as {@code samtools depth} prints it, from flags, positions and CIGARs
 * alone: bases under M, = and X of records that are mapped, primary, pass QC and are no duplicates.
 */
public final class DepthScan {
  private static final int EXCLUDED =
      RecordView.UNMAPPED | RecordView.SECONDARY | RecordView.QC_FAIL | RecordView.DUPLICATE;

  private final DatasetReader dataset;
  private final @Nullable Interval wanted;
  private final OutputStream out;
  private @Nullable DepthText text;
  private int contig = -1;

  /**
   * @param wanted bases to print; null for all
   */
  public DepthScan(DatasetReader dataset, @Nullable Interval wanted, OutputStream out) {
    this.dataset = dataset;
    this.wanted = wanted;
    this.out = out;
  }

  /** Prints all; to be called once. */
  public void run() throws IOException {
    Interval only = wanted;
    Selection selection =
        only == null
            ? new Selection(true, false, IntervalSet.of(List.of()))
            : new Selection(false, false, IntervalSet.of(List.of(only)));
    new CoreScan(dataset, selection)
        .run(
            (chunk, row, page) -> {
              if (chunk.contigIndex() >= 0) {
                add(row, page, textOf(chunk.contigIndex()));
              }
            });
    finish();
  }

  private DepthText textOf(int index) throws IOException {
    DepthText open = text;
    if (open == null || index != contig) {
      finish();
      Contig entry = dataset.contigs().get(index);
      open = new DepthText(entry.name(), wanted == null ? entry.interval() : wanted, out);
      text = open;
      contig = index;
    }
    return open;
  }

  private void finish() throws IOException {
    if (text != null) {
      text.finish();
    }
  }

  private static void add(PageRow row, CoreColumns page, DepthText text)
      throws IOException, CodecException {
    page.readAlignments(row.rawBytes());
    text.advanceTo(row.minStart0());
    int[] flags = page.flags();
    int[] operations = page.operations();
    for (int i = 0; i < page.records(); i++) {
      if ((flags[i] & EXCLUDED) != 0) {
        continue;
      }
      int start = page.position(i);
      int at = start;
      int covered = 0;
      for (int op = page.firstOperation(i); op < page.firstOperation(i + 1); op++) {
        int length = operations[op] >>> 4;
        if (CoreColumns.isAligned(operations[op])) {
          text.cover(at, at + length);
          covered += length;
        }
        if (CoreColumns.consumesReference(operations[op])) {
          at += length;
        }
      }
      if (at - start != covered || covered == 0) {
        // without any operation a record counts as one base long
        text.span(start, Math.max(at, start + 1));
      }
    }
  }
}
