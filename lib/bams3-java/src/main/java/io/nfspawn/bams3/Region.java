package io.nfspawn.bams3;

import java.util.List;

/**
 * What a user types: 1-based and closed, by name. {@code *} stands for the unplaced records.
 *
 * @param contigIndex place of the contig in the dictionary; -1 for {@code *}
 * @param contig the contig's name
 * @param start1 first base, 1-based
 * @param end1 last base, 1-based, {@link Integer#MAX_VALUE} for "to the end"
 */
public record Region(int contigIndex, String contig, int start1, int end1) {

  /** The records that lie on no contig; typed as {@code *}. */
  public static final Region UNPLACED = new Region(-1, "*", 1, Integer.MAX_VALUE);

  /**
   * Reads a region by the rules of samtools: {@code chr1}, {@code chr1:1,000-2,000}, {@code
   * chr1:1000} and {@code chr1:1000-} (to the end), {@code chr1:-2000} (from the start), {@code
   * {HLA-A*01:01}:5-9} for names that contain a colon, {@code *} for unplaced records. Source:
   * samtools(1), "REGIONS"; hts_parse_region in htslib 1.16.
   *
   * @throws RegionException when it has no such form or names no contig
   */
  public static Region parse(String text, List<Contig> contigs) throws RegionException {
    return new RegionParser(contigs).parse(text);
  }

  public boolean isUnplaced() {
    return contigIndex < 0;
  }

  /** 0-based, half-open; of {@code *} there is none. */
  public Interval toInterval() {
    if (isUnplaced()) {
      throw new IllegalStateException("region * has no interval: it means the unplaced records");
    }
    return new Interval(contigIndex, start1 - 1, end1);
  }

  @Override
  public String toString() {
    String name = contig.indexOf(':') >= 0 ? "{" + contig + "}" : contig;
    if (start1 == 1 && end1 == Integer.MAX_VALUE) {
      return name;
    }
    return end1 == Integer.MAX_VALUE ? name + ":" + start1 : name + ":" + start1 + "-" + end1;
  }
}
