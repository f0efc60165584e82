package io.nfspawn.vcfmerge;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of {@code plan.json} that the merge reads; all others are ignored. */
@JsonIgnoreProperties(ignoreUnknown = true)
record PlanFile(
    @Nullable String schema,
    @Nullable String digest,
    @Nullable String sample,
    @Nullable List<PlannedContig> contigs,
    @Nullable List<PlannedItem> items) {

  @JsonIgnoreProperties(ignoreUnknown = true)
  record PlannedContig(@Nullable String name, long length) {}

  /** Core in bases of contig number {@code contig}, 0-based, half-open. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record PlannedItem(@Nullable String id, int contig, long coreStart, long coreEnd) {}

  static MergePlan read(Path file) throws IOException {
    byte[] json = Files.readAllBytes(file);
    try {
      PlanFile plan = new ObjectMapper().readValue(json, PlanFile.class);
      return plan.toPlan(file);
    } catch (JsonProcessingException e) {
      throw new InvalidPlanException(file.toString(), "not valid JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw new InvalidPlanException(file.toString(), String.valueOf(e.getMessage()));
    }
  }

  private MergePlan toPlan(Path file) throws InvalidPlanException {
    if (!MergePlan.SCHEMA.equals(schema)) {
      throw new InvalidPlanException(
          file.toString(), "schema is " + schema + ", expected " + MergePlan.SCHEMA);
    }
    if (digest == null || contigs == null || items == null) {
      throw new InvalidPlanException(file.toString(), "one of digest, contigs, items is missing");
    }
    List<Contig> dictionary = new ArrayList<>();
    for (PlannedContig c : contigs) {
      dictionary.add(new Contig(c.name() == null ? "" : c.name(), c.length()));
    }
    List<ExpectedChunk> chunks = new ArrayList<>();
    for (PlannedItem item : items) {
      chunks.add(expected(item, dictionary));
    }
    return new MergePlan(digest, sample, dictionary, chunks);
  }

  private static ExpectedChunk expected(PlannedItem item, List<Contig> dictionary) {
    if (item.id() == null || item.contig() < 0 || item.contig() >= dictionary.size()) {
      throw new IllegalArgumentException(
          "item " + item.id() + " names contig " + item.contig() + " of " + dictionary.size());
    }
    String contig = dictionary.get(item.contig()).name();
    return new ExpectedChunk(
        new ChunkId(item.id()), new Interval(contig, item.coreStart(), item.coreEnd()));
  }
}
