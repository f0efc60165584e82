package io.nfspawn.vcfmerge;

import java.util.List;

/**
 * What a caller made of one work item.
 *
 * @param id the work item
 * @param vcf header and records, cut to the core already
 * @param worker who called it (rank, host or file), for the receipt
 * @param attempt counted from 1
 * @param overDepth intervals where depth went beyond what the caller keeps; any order, clipped to
 *     the core by the merge
 */
public record ChunkResult(
    ChunkId id, VcfSource vcf, String worker, int attempt, List<Interval> overDepth) {
  public ChunkResult {
    overDepth = List.copyOf(overDepth);
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt=" + attempt + " of chunk " + id + ", from 1 on");
    }
  }

  public static ChunkResult of(ChunkId id, VcfSource vcf) {
    return new ChunkResult(id, vcf, vcf.name(), 1, List.of());
  }
}
