package io.nfspawn.vcfmerge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All chunks of a merge in the order of the output; guarded by the merge's lock. */
final class Slots {
  private final Map<ChunkId, Slot> byId = new LinkedHashMap<>();
  private List<Slot> order = new ArrayList<>();
  private final boolean openEnded;
  private int taken;

  Slots(MergePlan plan) throws InvalidPlanException {
    List<ExpectedChunk> chunks = plan.chunks();
    openEnded = chunks == null;
    if (chunks != null) {
      requireOrder(plan, chunks);
      chunks.forEach(this::add);
    }
  }

  private static void requireOrder(MergePlan plan, List<ExpectedChunk> chunks)
      throws InvalidPlanException {
    if (plan.contigs().isEmpty()) {
      return;
    }
    Dictionary dictionary = new Dictionary(plan.contigs());
    ExpectedChunk previous = null;
    for (ExpectedChunk chunk : chunks) {
      Interval core = chunk.core();
      if (core == null) {
        continue;
      }
      Interval before = previous == null ? null : previous.core();
      if (previous != null && before != null) {
        int byContig =
            Integer.compare(dictionary.rank(before.contig()), dictionary.rank(core.contig()));
        if (byContig > 0 || (byContig == 0 && before.end() > core.start())) {
          throw new InvalidPlanException(
              "plan " + plan.digest(),
              "item %s (%s) does not lie after item %s (%s)"
                  .formatted(chunk.id(), core, previous.id(), before));
        }
      }
      previous = chunk;
    }
  }

  private Slot add(ExpectedChunk chunk) {
    Slot slot = new Slot(chunk);
    byId.put(chunk.id(), slot);
    order.add(slot);
    return slot;
  }

  boolean openEnded() {
    return openEnded;
  }

  Slot of(ChunkResult result) throws InvalidChunkException {
    Slot slot = byId.get(result.id());
    if (slot != null) {
      return slot;
    }
    if (!openEnded) {
      throw new InvalidChunkException(
          result.vcf().name(),
          "chunk " + result.id() + " is not one of the " + order.size() + " in the plan");
    }
    return add(new ExpectedChunk(result.id(), null));
  }

  /**
   * @return false if it was there already
   */
  boolean take(Slot slot, Chunk chunk) throws ConflictingChunkException {
    MergeReceipt.MergedChunk before = slot.receipt;
    if (before == null) {
      slot.take(chunk);
      taken++;
      return true;
    }
    if (before.sha256().equals(chunk.sha256())) {
      return false;
    }
    throw new ConflictingChunkException(
        "chunk %s came twice with different records: %d from %s (attempt %d), %d from %s (attempt %d); the caller is not reproducible"
            .formatted(
                slot.expected.id(),
                before.records(),
                before.worker(),
                before.attempt(),
                chunk.records(),
                chunk.result().worker(),
                chunk.result().attempt()));
  }

  int taken() {
    return taken;
  }

  int size() {
    return order.size();
  }

  Slot get(int i) {
    return order.get(i);
  }

  List<Slot> all() {
    return order;
  }

  List<ExpectedChunk> missing() {
    return order.stream().filter(s -> s.receipt == null).map(s -> s.expected).toList();
  }

  /** Puts chunks that came without plan in the order of their records; empty ones last. */
  void sortByRecords(Dictionary dictionary) {
    order.removeIf(slot -> slot.waiting == null);
    Comparator<Slot> byFirst =
        (a, b) -> {
          Locus first = a.waiting == null ? null : a.waiting.first();
          Locus second = b.waiting == null ? null : b.waiting.first();
          if (first == null || second == null) {
            return Boolean.compare(first == null, second == null);
          }
          return dictionary.compare(first, second);
        };
    order.sort(byFirst.thenComparing(slot -> slot.expected.id().value()));
  }
}
