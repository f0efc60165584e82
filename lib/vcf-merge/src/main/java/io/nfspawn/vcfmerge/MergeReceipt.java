package io.nfspawn.vcfmerge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receipt of a merge, {@code <sample>.merge_stats.json}: which chunks stand in the VCF, and
 * where it is not reproducible. Its JSON is described by {@code
 * docs/schema/merge_stats.schema.json}.
 *
 * @param planDigest null without plan
 * @param chunks in the order of the output
 * @param overDepth sorted by dictionary and position, disjoint
 * @param vcfSha256 of the published file's bytes, in hex
 */
@JsonPropertyOrder({
  "schema",
  "sample",
  "planDigest",
  "complete",
  "chunks",
  "totals",
  "overDepth",
  "callerVersion",
  "callerCommand",
  "vcfSha256"
})
public record MergeReceipt(
    String schema,
    String sample,
    @Nullable String planDigest,
    Completeness complete,
    List<MergedChunk> chunks,
    Totals totals,
    List<Interval> overDepth,
    @Nullable String callerVersion,
    @Nullable String callerCommand,
    String vcfSha256) {
  public static final String SCHEMA = "nf-spawn/merge-stats/1";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public MergeReceipt {
    chunks = List.copyOf(chunks);
    overDepth = List.copyOf(overDepth);
  }

  /** A merge that is known to be incomplete has no receipt. */
  public enum Completeness {
    COMPLETE,
    /** There was no plan to compare with. */
    UNKNOWN;

    @JsonValue
    Object json() {
      return switch (this) {
        case COMPLETE -> true;
        case UNKNOWN -> "unknown";
      };
    }

    @JsonCreator
    static Completeness of(Object json) {
      for (Completeness value : values()) {
        if (value.json().equals(json)) {
          return value;
        }
      }
      throw new IllegalArgumentException("complete=" + json + ", expected true or \"unknown\"");
    }
  }

  /**
   * @param core null when it was not known
   * @param records lines in the VCF
   * @param sha256 of the record lines, header excluded, in hex
   */
  @JsonPropertyOrder({"id", "core", "records", "sha256", "worker", "attempt"})
  public record MergedChunk(
      String id,
      @Nullable Interval core,
      long records,
      String sha256,
      String worker,
      int attempt) {}

  /**
   * @param expected chunks in the plan, null without one
   * @param merged chunks in the VCF
   * @param records lines in the VCF
   */
  @JsonPropertyOrder({"expected", "merged", "records"})
  public record Totals(@Nullable Integer expected, int merged, long records) {}

  public static MergeReceipt read(Path file) throws IOException {
    return JSON.readValue(Files.readAllBytes(file), MergeReceipt.class);
  }

  /** Under a temporary name first, then renamed. */
  public void write(Path file) throws IOException {
    try (Publication publication = new Publication()) {
      publication.write(file, toJson());
      publication.publish(file);
    }
  }

  byte[] toJson() throws IOException {
    byte[] json = JSON.writeValueAsBytes(this);
    byte[] withNewline = Arrays.copyOf(json, json.length + 1);
    withNewline[json.length] = '\n';
    return withNewline;
  }
}
