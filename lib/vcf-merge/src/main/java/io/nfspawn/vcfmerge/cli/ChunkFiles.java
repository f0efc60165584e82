package io.nfspawn.vcfmerge.cli;

import io.nfspawn.vcfmerge.ChunkFile;
import io.nfspawn.vcfmerge.ChunkId;
import io.nfspawn.vcfmerge.Contig;
import io.nfspawn.vcfmerge.ExpectedChunk;
import io.nfspawn.vcfmerge.MergePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The input files in the order in which they are merged.
 *
 * @param byId file of each chunk
 * @param plan given or made from the files
 */
record ChunkFiles(Map<ChunkId, ChunkFile> byId, MergePlan plan) {

  static ChunkFiles of(List<Path> paths, @Nullable MergePlan plan) throws IOException {
    Set<ChunkId> planned = new HashSet<>();
    if (plan != null && plan.chunks() != null) {
      plan.chunks().forEach(chunk -> planned.add(chunk.id()));
    }
    List<ChunkFile> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(withPlannedId(ChunkFile.peek(path), planned));
    }
    if (plan == null) {
      files.sort(byFirstRecord(files.isEmpty() ? List.of() : files.get(0).contigs()));
    } else {
      files.sort(byPlan(plan));
    }
    Map<ChunkId, ChunkFile> byId = new LinkedHashMap<>();
    for (ChunkFile file : files) {
      ChunkFile twin = byId.put(file.id(), file);
      if (twin != null) {
        throw new InputException(
            "%s and %s are both chunk %s; give each chunk once"
                .formatted(twin.path(), file.path(), file.id()));
      }
    }
    return new ChunkFiles(byId, plan == null ? MergePlan.inOrder(ids(files)) : plan);
  }

  /** Chunk 0:65536 may lie in a file 0_65536.vcf.gz, as a colon is unwelcome in file names. */
  private static ChunkFile withPlannedId(ChunkFile file, Set<ChunkId> planned) {
    ChunkId withColon = new ChunkId(file.id().value().replace('_', ':'));
    if (planned.contains(file.id()) || !planned.contains(withColon)) {
      return file;
    }
    return new ChunkFile(
        file.path(), withColon, file.contigs(), file.sample(), file.firstContig(), file.firstPos());
  }

  private static List<ChunkId> ids(List<ChunkFile> files) {
    return files.stream().map(ChunkFile::id).toList();
  }

  private static Comparator<ChunkFile> byPlan(MergePlan plan) {
    Map<ChunkId, Integer> places = new HashMap<>();
    for (ExpectedChunk chunk : plan.chunks() == null ? List.<ExpectedChunk>of() : plan.chunks()) {
      places.put(chunk.id(), places.size());
    }
    return Comparator.comparingInt(file -> places.getOrDefault(file.id(), Integer.MAX_VALUE));
  }

  /** Files without records come last. */
  private static Comparator<ChunkFile> byFirstRecord(List<Contig> dictionary) {
    Map<String, Integer> ranks = new HashMap<>();
    dictionary.forEach(contig -> ranks.putIfAbsent(contig.name(), ranks.size()));
    return Comparator.<ChunkFile>comparingInt(
            file ->
                file.firstContig() == null
                    ? Integer.MAX_VALUE
                    : ranks.getOrDefault(file.firstContig(), -1))
        .thenComparingLong(ChunkFile::firstPos)
        .thenComparing(file -> file.path().toString());
  }

  /** Of the only sample column, null when there are none or several. */
  @Nullable String sample() {
    return byId.isEmpty() ? null : byId.values().iterator().next().sample();
  }
}
