package io.nfspawn.vcfmerge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Place of one chunk in the output; guarded by the merge's lock. */
final class Slot {
  final ExpectedChunk expected;

  /** Taken and not yet written. */
  @Nullable Chunk waiting;

  /** Set as soon as the chunk was taken. */
  MergeReceipt.@Nullable MergedChunk receipt;

  List<Interval> overDepth = List.of();

  Slot(ExpectedChunk expected) {
    this.expected = expected;
  }

  void take(Chunk chunk) {
    waiting = chunk;
    receipt = chunk.receipt();
    overDepth = chunk.overDepth();
  }
}
