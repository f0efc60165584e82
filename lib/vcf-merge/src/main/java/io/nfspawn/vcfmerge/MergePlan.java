package io.nfspawn.vcfmerge;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that make a complete result, in the order of the output.
 *
 * @param digest of the plan, null when there is none: then the receipt says {@code complete:
 *     unknown}
 * @param sample that was planned, null when unknown
 * @param contigs sequence dictionary; empty = the header's
 * @param chunks null = open-ended: any id is taken, all wait for {@link OrderedMerge#finish}, which
 *     puts them in the order of their first records
 */
public record MergePlan(
    @Nullable String digest,
    @Nullable String sample,
    List<Contig> contigs,
    @Nullable List<ExpectedChunk> chunks) {
  /** Of the plan file that {@code spawn-chunks plan} writes. */
  public static final String SCHEMA = "nf-spawn/plan/1";

  public MergePlan {
    contigs = List.copyOf(contigs);
    if (chunks != null) {
      chunks = List.copyOf(chunks);
      Set<ChunkId> seen = new HashSet<>();
      for (ExpectedChunk chunk : chunks) {
        if (!seen.add(chunk.id())) {
          throw new IllegalArgumentException("chunk " + chunk.id() + " stands twice in the plan");
        }
      }
    }
  }

  public static MergePlan of(String digest, List<Contig> contigs, List<ExpectedChunk> chunks) {
    return new MergePlan(digest, null, contigs, chunks);
  }

  /** Any number of chunks with any id. */
  public static MergePlan openEnded() {
    return new MergePlan(null, null, List.of(), null);
  }

  /** The order is known, whether that is all of it is not. */
  public static MergePlan inOrder(List<ChunkId> ids) {
    List<ExpectedChunk> chunks = new ArrayList<>();
    ids.forEach(id -> chunks.add(new ExpectedChunk(id, null)));
    return new MergePlan(null, null, List.of(), chunks);
  }

  /**
   * The parts of a plan file that a merge needs.
   *
   * @throws InvalidPlanException if the file is not such a plan
   */
  public static MergePlan read(Path file) throws IOException {
    return PlanFile.read(file);
  }
}
