package io.nfspawn.bams3.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nfspawn.bams3.CorruptDatasetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code _metadata.json}.
 *
 * @param version such as 0.2.0
 * @param reads how many the conversion saw
 */
record LegacyMetadata(String version, Origin origin, long reads, List<Chunk> chunks) {
  static final String KEY = "_metadata.json";
  static final String UNMAPPED = "unmapped";
  static final String OUR_NAME = "nf-spawn bams3";

  /**
   * One chunk.
   *
   * @param contig name, {@link #UNMAPPED} for the unplaced reads
   * @param sha256 of the stored bytes; empty when the tool digested something else
   */
  record Chunk(String key, String contig, long start0, long reads, String sha256) {}

  boolean isBinary() {
    return version.startsWith("0.2");
  }

  static LegacyMetadata parse(String place, JsonNode json) throws CorruptDatasetException {
    String version = json.path("version").asText();
    if (!version.startsWith("0.1") && !version.startsWith("0.2")) {
      throw new CorruptDatasetException(
          place, KEY, "has version '%s', 0.1 or 0.2 expected".formatted(version));
    }
    Origin origin = origin(json);
    // a window written twice is listed twice, and the last one stands
    Map<String, Chunk> chunks = new LinkedHashMap<>();
    for (JsonNode entry : json.path("chunks")) {
      Chunk chunk = chunk(place, entry, origin);
      chunks.put(chunk.key(), chunk);
    }
    return new LegacyMetadata(
        version,
        origin,
        json.path("statistics").path("total_reads").asLong(-1),
        new ArrayList<>(chunks.values()));
  }

  private static Origin origin(JsonNode json) {
    String author = json.path("created_by").asText();
    if (author.equals(OUR_NAME)) {
      return Origin.OURS;
    }
    if (author.contains(".py")) {
      return Origin.PYTHON;
    }
    boolean stream = json.path("source").path("file").asText().equals("stdin");
    return stream ? Origin.GO_STREAM : Origin.GO_FILE;
  }

  private static Chunk chunk(String place, JsonNode entry, Origin origin)
      throws CorruptDatasetException {
    String path = entry.path("path").asText();
    if (path.isEmpty() || path.startsWith("/") || ("/" + path + "/").contains("/../")) {
      throw new CorruptDatasetException(place, KEY, "lists a chunk at '" + path + "'");
    }
    String checksum = entry.path("checksum").asText();
    return new Chunk(
        path,
        entry.path("reference").asText(),
        entry.path("start").asLong(),
        entry.path("reads").asLong(),
        origin == Origin.PYTHON ? "" : checksum);
  }
}
