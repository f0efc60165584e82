package io.nfspawn.vcfmerge;

/**
 * A stretch of one contig, 0-based and half-open: {@code [start, end)}.
 *
 * @param contig name as in the sequence dictionary
 * @param start first base, counted from 0
 * @param end base after the last one
 */
public record Interval(String contig, long start, long end) {
  public Interval {
    if (contig.isEmpty() || start < 0 || end < start) {
      throw new IllegalArgumentException(
          "interval contig='" + contig + "' start=" + start + " end=" + end);
    }
  }

  boolean contains(String otherContig, long position) {
    return position >= start && position < end && contig.equals(otherContig);
  }

  /** As a user writes a region: 1-based, closed. */
  @Override
  public String toString() {
    return contig + ":" + (start + 1) + "-" + end;
  }
}
