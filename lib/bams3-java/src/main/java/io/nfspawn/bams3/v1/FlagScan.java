package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.Counts;
import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.column.CoreColumns;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Counts records by their flag columns instead of believing the manifest. */
public final class FlagScan {
  private final int[] flags = new int[CoreColumns.MATE_STATES * CoreColumns.FLAGS];
  private final Tally tally = new Tally();
  private int contig = Integer.MIN_VALUE;

  private FlagScan() {}

  public static Counts run(DatasetReader dataset) throws IOException {
    FlagScan scan = new FlagScan();
    Selection everything = new Selection(true, true, IntervalSet.of(List.of()));
    new CoreScan(dataset, everything)
        .run(
            (chunk, row, page) -> {
              scan.enter(chunk.contigIndex());
              if (chunk.contigIndex() != ChunkInfo.ANY_CONTIG) {
                page.countFlags(scan.flags);
              } else {
                page.visitFlags((flag, mate, contig) -> scan.tally.add(flag, mate, contig, 1));
              }
            });
    scan.enter(Integer.MIN_VALUE);
    return scan.tally.counts();
  }

  /** Adds what was counted for a contig when another one comes. */
  private void enter(int next) {
    if (next != contig) {
      if (contig != Integer.MIN_VALUE) {
        tally.add(flags, contig);
        Arrays.fill(flags, 0);
      }
      contig = next;
    }
  }
}
