package io.nfspawn.bams3;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bases of any contigs, kept as disjoint intervals, so that one binary search tells whether a
 * record overlaps. Immutable.
 */
public final class IntervalSet {
  private final List<Interval> disjoint;
  private final Map<Integer, List<Interval>> byContig = new HashMap<>();

  private IntervalSet(List<Interval> disjoint) {
    this.disjoint = List.copyOf(disjoint);
    for (Interval interval : disjoint) {
      byContig.computeIfAbsent(interval.contigIndex(), none -> new ArrayList<>()).add(interval);
    }
  }

  /** The bases of all the intervals; they may overlap and come in any order. */
  public static IntervalSet of(Collection<Interval> intervals) {
    List<Interval> sorted = intervals.stream().filter(i -> i.lengthBp() > 0).sorted().toList();
    List<Interval> merged = new ArrayList<>();
    for (Interval next : sorted) {
      int last = merged.size() - 1;
      if (last >= 0
          && merged.get(last).contigIndex() == next.contigIndex()
          && merged.get(last).end0() >= next.start0()) {
        Interval before = merged.get(last);
        int end = Math.max(before.end0(), next.end0());
        merged.set(last, new Interval(before.contigIndex(), before.start0(), end));
      } else {
        merged.add(next);
      }
    }
    return new IntervalSet(merged);
  }

  /** Disjoint intervals that do not touch, in dictionary order. */
  public List<Interval> intervals() {
    return disjoint;
  }

  /** Whether any of the bases lies between two positions of a contig. */
  public boolean overlaps(int contigIndex, int start0, int end0) {
    List<Interval> intervals = byContig.getOrDefault(contigIndex, List.of());
    int first = firstEndingAfter(intervals, start0);
    return first < intervals.size() && intervals.get(first).start0() < end0;
  }

  public boolean overlaps(RecordView record) {
    List<Interval> intervals = byContig.getOrDefault(record.contigIndex(), List.of());
    int first = firstEndingAfter(intervals, record.start0());
    if (first == intervals.size()) {
      return false;
    }
    // most records start inside; the CIGAR is only read for those that start before
    int start0 = intervals.get(first).start0();
    return record.start0() >= start0 || record.end0() > start0;
  }

  private static int firstEndingAfter(List<Interval> intervals, int position0) {
    int low = 0;
    int high = intervals.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (intervals.get(middle).end0() > position0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
