package io.nfspawn.bams3;

/**
 * Parts of a record that are fetched and decoded only where a query wants them. Flag, contig and
 * start always come.
 */
public enum Field {
  /** Read name; {@code *} without it. */
  NAME,
  /** Mapping quality; 0 without it. */
  MAPQ,
  /** CIGAR and with it the end; no operations without it. */
  CIGAR,
  /** Contig and start of the mate, template length; -1, -1 and 0 without it. */
  MATE,
  /** Bases; none without it, N where only the qualities are wanted. */
  BASES,
  /** Base qualities; absent without it. */
  QUALITIES,
  /** All tags; none without it. Costs the bases too, from which NM and MD are computed. */
  TAGS
}
