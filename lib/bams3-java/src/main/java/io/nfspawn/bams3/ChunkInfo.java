package io.nfspawn.bams3;

import org.jspecify.annotations.Nullable;

/**
 * What the manifest says about one chunk, the smallest separately fetched object.
 *
 * @param key name of the object in the store
 * @param contigIndex contig of every record in it; -1 for unplaced records; -2 in a dataset that is
 *     not coordinate sorted, where a chunk may hold any
 * @param window the window that this chunk owns: records that <em>start</em> in it; null unless it
 *     has a contig
 * @param records number of records
 * @param sizeBytes stored size
 * @param rawSizeBytes size of the BAM records in it
 * @param minStart0 least start, 0-based; records that lack a position count as 0
 * @param maxEnd0 greatest end, exclusive; may lie beyond the window
 * @param maxReferenceSpanBp greatest number of reference bases that one record covers
 * @param sha256 digest of the stored object, hexadecimal
 */
public record ChunkInfo(
    String key,
    int contigIndex,
    @Nullable Interval window,
    long records,
    long sizeBytes,
    long rawSizeBytes,
    int minStart0,
    int maxEnd0,
    int maxReferenceSpanBp,
    String sha256) {

  public static final int UNPLACED = -1;
  public static final int ANY_CONTIG = -2;

  /** Bases between the least start and the greatest end; null unless the chunk has a contig. */
  public @Nullable Interval extent() {
    return contigIndex < 0 ? null : new Interval(contigIndex, minStart0, maxEnd0);
  }
}
