package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.Counts;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.column.CoreColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts records by kind and contig while they pass. The kinds and their conditions are those of
 * samtools 1.16 flagstat: secondary hides supplementary, pairs are counted among primary records.
 */
final class Tally {
  /** Numbers of one {@link Counts.FlagCounts}. */
  static final int KINDS = 16;

  private final long[] kinds;
  private final Map<Integer, long[]> contigs = new TreeMap<>();
  private int lastContig = Integer.MIN_VALUE;
  private long[] lastCount = new long[2];

  Tally() {
    this(new long[2 * KINDS]);
  }

  /**
   * @param kinds the sixteen numbers of records that passed QC, then of those that failed
   */
  Tally(long[] kinds) {
    this.kinds = kinds;
  }

  void add(RecordView record) {
    boolean elsewhere = record.mateContigIndex() != record.contigIndex();
    int mateState = elsewhere ? record.mapq() >= 5 ? 2 : 1 : 0;
    add(record.flag(), mateState, record.contigIndex(), 1);
  }

  private void addPrimary(int flag, int mateState, boolean mapped, int base, int count) {
    kinds[base + 1] += count;
    if ((flag & RecordView.DUPLICATE) != 0) {
      kinds[base + 5] += count;
    }
    if (mapped) {
      kinds[base + 7] += count;
    }
    if ((flag & RecordView.PAIRED) == 0) {
      return;
    }
    kinds[base + 8] += count;
    if ((flag & RecordView.READ1) != 0) {
      kinds[base + 9] += count;
    }
    if ((flag & RecordView.READ2) != 0) {
      kinds[base + 10] += count;
    }
    if (!mapped) {
      return;
    }
    if ((flag & RecordView.PROPER_PAIR) != 0) {
      kinds[base + 11] += count;
    }
    if ((flag & RecordView.MATE_UNMAPPED) != 0) {
      kinds[base + 13] += count;
      return;
    }
    kinds[base + 12] += count;
    kinds[base + 14] += mateState > 0 ? count : 0;
    kinds[base + 15] += mateState > 1 ? count : 0;
  }

  private long[] contig(int contig) {
    if (contig != lastContig) {
      lastContig = contig;
      lastCount = contigs.computeIfAbsent(contig, absent -> new long[2]);
    }
    return lastCount;
  }

  /** Adds records of one contig by flag and place of the mate; see {@link CoreColumns}. */
  void add(int[] flags, int contig) {
    for (int state = 0; state < CoreColumns.MATE_STATES; state++) {
      for (int flag = 0; flag < CoreColumns.FLAGS; flag++) {
        int count = flags[state * CoreColumns.FLAGS + flag];
        if (count > 0) {
          add(flag, state, contig, count);
        }
      }
    }
  }

  void add(int flag, int mateState, int contig, int count) {
    boolean mapped = (flag & RecordView.UNMAPPED) == 0;
    int base = (flag & RecordView.QC_FAIL) != 0 ? KINDS : 0;
    kinds[base] += count;
    if ((flag & RecordView.SECONDARY) != 0) {
      kinds[base + 2] += count;
    } else if ((flag & RecordView.SUPPLEMENTARY) != 0) {
      kinds[base + 3] += count;
    } else {
      addPrimary(flag, mateState, mapped, base, count);
    }
    if ((flag & RecordView.DUPLICATE) != 0) {
      kinds[base + 4] += count;
    }
    if (mapped) {
      kinds[base + 6] += count;
    }
    contig(contig)[mapped ? 0 : 1] += count;
  }

  void addAll(Tally other) {
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] += other.kinds[i];
    }
    other.contigs.forEach(
        (index, count) -> {
          long[] sum = contig(index);
          sum[0] += count[0];
          sum[1] += count[1];
        });
  }

  /** The numbers by kind, passed then failed. */
  long[] kinds() {
    return kinds.clone();
  }

  boolean sameKinds(Tally other) {
    return Arrays.equals(kinds, other.kinds);
  }

  Counts counts() {
    List<Counts.ContigCount> placed = new ArrayList<>();
    long unplaced = 0;
    for (Map.Entry<Integer, long[]> entry : contigs.entrySet()) {
      long[] count = entry.getValue();
      if (entry.getKey() < 0) {
        unplaced += count[0] + count[1];
      } else {
        placed.add(new Counts.ContigCount(entry.getKey(), count[0], count[1]));
      }
    }
    return new Counts(flagCounts(kinds, 0), flagCounts(kinds, KINDS), placed, unplaced);
  }

  static Counts.FlagCounts flagCounts(long[] k, int at) {
    return new Counts.FlagCounts(
        k[at],
        k[at + 1],
        k[at + 2],
        k[at + 3],
        k[at + 4],
        k[at + 5],
        k[at + 6],
        k[at + 7],
        k[at + 8],
        k[at + 9],
        k[at + 10],
        k[at + 11],
        k[at + 12],
        k[at + 13],
        k[at + 14],
        k[at + 15]);
  }
}
