package io.nfspawn.vcfmerge;

import java.io.IOException;

/**
 * Writes the chunks of one sample in dictionary order while they arrive in any order.
 *
 * <p>{@link #accept} may be called by any number of threads; one of them at a time writes what is
 * ready, the others only leave their chunk. Chunks that wait for an earlier one stay in memory up
 * to {@link MergeLimits#bufferBytes} and beyond that in scratch. Nothing appears under a final name
 * before {@link #finish}. The owner closes the merge in every case; closing an unfinished one
 * removes its temporary files.
 *
 * <pre>{@code
 * try (var merge = OrderedMerge.open(MergeRequest.of(sample, MergeTarget.beside(vcf), plan))) {
 *   merge.accept(new ChunkResult(id, VcfSource.of("0:0", bytes), "rank 2", 1, List.of()));
 *   MergeReceipt receipt = merge.finish();
 * }
 * }</pre>
 */
@SuppressWarnings("DoNotCallSuggester")
public final class OrderedMerge implements AutoCloseable {
  /** What became of a chunk. */
  public enum Outcome {
    /** Safe in the merge: written or waiting for its turn. */
    TAKEN,
    /** Was there already with the same records: dropped. */
    REPEATED
  }

  private OrderedMerge() {}

  /**
   * @throws OutputException if output or scratch cannot be written
   */
  public static OrderedMerge open(MergeRequest request) throws IOException {
    throw new UnsupportedOperationException("not built yet: " + request.sample());
  }

  /**
   * Takes one chunk. When it returns, the chunk is safe and may be acknowledged.
   *
   * @throws InvalidChunkException if it is not planned, not VCF, cut off, unsorted or reaches
   *     outside its core; the merge can go on
   * @throws HeaderMismatchException if its header disagrees with the canonical one
   * @throws ConflictingChunkException if it was there already with other records
   * @throws OutputException if output or scratch cannot be written; the merge is over
   */
  public Outcome accept(ChunkResult result) throws IOException {
    throw new UnsupportedOperationException("not built yet: " + result.id());
  }

  /** Chunks taken so far, repeats not counted. */
  public int taken() {
    return 0;
  }

  /**
   * Publishes index, receipt and VCF.
   *
   * @throws IncompleteMergeException if planned chunks are missing
   * @throws OutputException if something cannot be written
   */
  public MergeReceipt finish() throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public void close() {}
}
