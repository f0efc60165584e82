package io.nfspawn.vcfmerge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Joins the over-deep intervals of all chunks. */
final class OverDepth {
  private OverDepth() {}

  /** Sorted by dictionary and start; intervals that overlap or touch become one. */
  static List<Interval> joined(List<Interval> intervals, Dictionary dictionary) {
    List<Interval> sorted = new ArrayList<>(intervals);
    sorted.sort(
        Comparator.<Interval>comparingInt(i -> dictionary.rank(i.contig()))
            .thenComparingLong(Interval::start));
    List<Interval> joined = new ArrayList<>();
    for (Interval next : sorted) {
      Interval last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last == null || !last.contig().equals(next.contig()) || next.start() > last.end()) {
        joined.add(next);
      } else {
        long end = Math.max(last.end(), next.end());
        joined.set(joined.size() - 1, new Interval(last.contig(), last.start(), end));
      }
    }
    return joined;
  }
}
