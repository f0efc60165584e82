package io.nfspawn.pipeline.caller;

import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.ItemRecords;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds where more reads lie on a position than the caller keeps. Which of them mpileup drops
 * depends on where its walk began, so there no split of the work gives the sequential answer.
 *
 * <p>htslib (sam.c, bam_plp_push) drops a read when {@code max} others that start before or with it
 * are still held; a read is held up to one position beyond its end. A read dropped is missing up to
 * its own end, so intervals reach to the end of every read that begins in them.
 *
 * @param max reads kept at one position
 * @param filter which records the caller looks at
 */
record DepthLimit(int max, Filter filter) {

  /** Which records count. */
  enum Filter {
    /** mpileup's own: no secondary, failed or duplicate reads, no pairs that are not proper. */
    DEFAULT(RecordView.UNMAPPED | RecordView.SECONDARY | RecordView.QC_FAIL | RecordView.DUPLICATE),
    /** The same with anomalous pairs ({@code -A}). */
    WITH_ORPHANS(DEFAULT.excluded),
    /** Every mapped record: an upper bound when the user chose other flags. */
    ANY_MAPPED(RecordView.UNMAPPED);

    private final int excluded;

    Filter(int excluded) {
      this.excluded = excluded;
    }

    boolean counts(RecordView record) {
      boolean orphan = record.has(RecordView.PAIRED) && !record.has(RecordView.PROPER_PAIR);
      return (record.flag() & excluded) == 0 && !(this == DEFAULT && orphan);
    }
  }

  /** Sorted, disjoint stretches of the item's core where the limit is passed. */
  List<Interval> passedIn(WorkItem item, ItemRecords records) {
    Sweep sweep = new Sweep(item.padded());
    records.forEach(
        record -> {
          if (filter.counts(record)) {
            sweep.add(record.start0(), record.end0());
          }
        });
    return sweep.above(max, item.core());
  }

  /** Depth and farthest end over the padded interval. */
  private static final class Sweep {
    private final Interval window;
    private final int[] change;
    private final int[] farthestEnd;

    Sweep(Interval window) {
      this.window = window;
      this.change = new int[window.lengthBp() + 1];
      this.farthestEnd = new int[window.lengthBp()];
    }

    void add(int start0, int end0) {
      int from = Math.max(start0, window.start0()) - window.start0();
      int to = Math.min(end0 + 1, window.end0()) - window.start0();
      if (from < to) {
        change[from]++;
        change[to]--;
        farthestEnd[from] = Math.max(farthestEnd[from], end0);
      }
    }

    List<Interval> above(int max, Interval core) {
      List<Interval> found = new ArrayList<>();
      int depth = 0;
      int reach = window.start0();
      int passedUntil = -1;
      int runStart = -1;
      for (int i = 0; i < window.lengthBp(); i++) {
        int position = window.start0() + i;
        depth += change[i];
        reach = Math.max(reach, farthestEnd[i]);
        if (depth > max) {
          passedUntil = Math.max(passedUntil, reach);
          runStart = runStart < 0 ? position : runStart;
        } else if (runStart >= 0 && position >= passedUntil) {
          addWithin(core, runStart, passedUntil, found);
          runStart = -1;
        }
      }
      if (runStart >= 0) {
        addWithin(core, runStart, Math.max(passedUntil, window.end0()), found);
      }
      return found;
    }

    private static void addWithin(Interval core, int start0, int end0, List<Interval> found) {
      int start = Math.max(start0, core.start0());
      int end = Math.min(end0, core.end0());
      if (start < end) {
        found.add(new Interval(core.contigIndex(), start, end));
      }
    }
  }
}
