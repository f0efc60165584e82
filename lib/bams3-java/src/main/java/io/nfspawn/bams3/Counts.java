package io.nfspawn.bams3;

import java.util.List;

/**
 * Numbers of records: by kind, as samtools flagstat gives them, and by contig, as samtools idxstats
 * does.
 *
 * @param passed records without the QC-fail flag
 * @param failed records with it
 * @param contigs contigs that have records, in dictionary order
 * @param unplaced records on no contig
 */
public record Counts(
    FlagCounts passed, FlagCounts failed, List<ContigCount> contigs, long unplaced) {

  public Counts {
    contigs = List.copyOf(contigs);
  }

  /** All records. */
  public long records() {
    return passed.total() + failed.total();
  }

  /** Records placed on one contig, with and without an alignment. */
  public record ContigCount(int contigIndex, long mapped, long unmapped) {}

  /** The sixteen numbers of samtools flagstat, in its order. */
  public record FlagCounts(
      long total,
      long primary,
      long secondary,
      long supplementary,
      long duplicates,
      long primaryDuplicates,
      long mapped,
      long primaryMapped,
      long paired,
      long read1,
      long read2,
      long properlyPaired,
      long bothMapped,
      long singletons,
      long mateOnOtherContig,
      long mateOnOtherContigMapq5) {}
}
