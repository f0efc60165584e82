package io.nfspawn.pipeline.plan;

import java.util.Set;

/** The advice that most people need when contigs do not match: {@code chr1} or {@code 1}. */
final class ContigNames {
  private static final String PREFIX = "chr";

  private ContigNames() {}

  /**
   * @param wanted name that was not found
   * @param present names that are there
   */
  static String hint(String wanted, Set<String> present) {
    String other = wanted.startsWith(PREFIX) ? wanted.substring(PREFIX.length()) : PREFIX + wanted;
    if (present.contains(other)) {
      return "; it has '"
          + other
          + "': one names contigs chr1, chr2 …, the other 1, 2 …; use files with the same names";
    }
    return "; it has "
        + (present.isEmpty() ? "no contig" : String.join(", ", present.stream().limit(3).toList()))
        + (present.size() > 3 ? " and " + (present.size() - 3) + " more" : "");
  }
}
