package io.nfspawn.bams3;

/**
 * Bases of one contig, 0-based and half-open.
 *
 * @param contigIndex place of the contig in the dictionary, from 0
 * @param start0 first base, 0-based
 * @param end0 one past the last base; equal to {@code start0} when empty
 */
public record Interval(int contigIndex, int start0, int end0) implements Comparable<Interval> {

  public Interval {
    if (contigIndex < 0 || start0 < 0 || end0 < start0) {
      throw new IllegalArgumentException(
          "interval contigIndex=%d start0=%d end0=%d: want contigIndex >= 0 and 0 <= start0 <= end0"
              .formatted(contigIndex, start0, end0));
    }
  }

  /** Number of bases. */
  public int lengthBp() {
    return end0 - start0;
  }

  public boolean overlaps(Interval other) {
    return contigIndex == other.contigIndex && start0 < other.end0 && other.start0 < end0;
  }

  /** Dictionary order, then start, then end. */
  @Override
  public int compareTo(Interval other) {
    int byContig = Integer.compare(contigIndex, other.contigIndex);
    if (byContig != 0) {
      return byContig;
    }
    int byStart = Integer.compare(start0, other.start0);
    return byStart != 0 ? byStart : Integer.compare(end0, other.end0);
  }
}
