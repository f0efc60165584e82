package io.nfspawn.bams3.simulate;

import htsjdk.samtools.Cigar;
import htsjdk.samtools.CigarElement;
import htsjdk.samtools.CigarOperator;

/** The rules of {@code bwa aln -q 15}, with which the real run was aligned. */
final class BwaAln {
  /** The quality of a base that was not called. */
  static final int NOT_CALLED = 2;

  private static final int TRIM_QUALITY = 15;
  private static final int LEAST_KEPT_BP = 35;
  private static final double ERROR_RATE = 0.02;
  private static final double MOST_MISSING = 0.25;
  private static final double MISSED_SHARE = 0.04;

  private BwaAln() {}

  /**
   * How much of a read is kept: its end is cut off where the sum of what qualities lack to 15 is
   * greatest.
   *
   * @param qualities in the order of sequencing
   */
  static int trimmedLength(byte[] qualities) {
    int total = 0;
    int best = 0;
    int keptBp = qualities.length;
    for (int i = qualities.length - 1; i >= LEAST_KEPT_BP && total >= 0; i--) {
      total += TRIM_QUALITY - qualities[i];
      if (total > best) {
        best = total;
        keptBp = i;
      }
    }
    return keptBp;
  }

  /** As many as 96 % of reads with 2 % errors have at most. */
  static int mostDifferences(int lengthBp) {
    double mean = lengthBp * ERROR_RATE;
    double term = StrictMath.exp(-mean);
    double sum = term;
    int most = 0;
    while (1 - sum >= MISSED_SHARE) {
      most++;
      term *= mean / most;
      sum += term;
    }
    return most;
  }

  /** Whether an alignment from end to end is one that bwa looks for: few differences, one gap. */
  static boolean finds(Alignment whole, int lengthBp) {
    return whole.editDistance() <= mostDifferences(lengthBp) && gaps(whole.cigar()) <= 1;
  }

  /** Whether so many bases were called that bwa looks for the read near its mate. */
  static boolean isCalled(byte[] bases) {
    int missing = 0;
    for (byte base : bases) {
      missing += base == 'N' ? 1 : 0;
    }
    return missing < MOST_MISSING * bases.length;
  }

  static int gaps(Cigar cigar) {
    return (int) cigar.getCigarElements().stream().filter(BwaAln::isGap).count();
  }

  static int gapBp(Cigar cigar) {
    return cigar.getCigarElements().stream()
        .filter(BwaAln::isGap)
        .mapToInt(CigarElement::getLength)
        .sum();
  }

  private static boolean isGap(CigarElement element) {
    return element.getOperator() == CigarOperator.I || element.getOperator() == CigarOperator.D;
  }
}
