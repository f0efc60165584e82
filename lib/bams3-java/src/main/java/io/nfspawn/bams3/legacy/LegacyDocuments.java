package io.nfspawn.bams3.legacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.bam.BamHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON documents of a dataset of version 0.2, gathered while its chunks are written. */
final class LegacyDocuments {
  private static final String INDEX = "_index/spatial.json";

  private final BamHeader header;
  private final int spanBp;
  private final String created;
  private final List<StoredChunk> chunks = new ArrayList<>();
  private String source = "";
  private long reads;
  private long placed;
  private long duplicates;
  private long bases;

  private record StoredChunk(
      String key, String contig, long start0, long end0, int reads, long bytes, String sha256) {}

  LegacyDocuments(BamHeader header, int spanBp, Instant created) {
    this.header = header;
    this.spanBp = spanBp;
    this.created = created.toString();
  }

  void source(String file) {
    source = file;
  }

  void count(RecordView record) {
    reads++;
    placed += record.contigIndex() >= 0 ? 1 : 0;
    duplicates += record.has(RecordView.DUPLICATE) ? 1 : 0;
    bases += record.readLengthBp();
  }

  void chunk(
      String key,
      String contig,
      long start0,
      long end0,
      int chunkReads,
      long bytes,
      String sha256) {
    chunks.add(new StoredChunk(key, contig, start0, end0, chunkReads, bytes, sha256));
  }

  /** By key, the metadata last: without them there is no dataset. */
  Map<String, ObjectNode> all(ObjectMapper mapper) {
    Map<String, ObjectNode> documents = new LinkedHashMap<>();
    documents.put(LegacyHeader.KEY, header(mapper));
    documents.put(INDEX, index(mapper));
    documents.put(LegacyMetadata.KEY, metadata(mapper));
    return documents;
  }

  private ObjectNode metadata(ObjectMapper mapper) {
    ObjectNode json = mapper.createObjectNode();
    json.put("format", "bams3").put("version", "0.2.0").put("created", created);
    json.put("created_by", LegacyMetadata.OUR_NAME);
    json.putObject("source").put("file", source).put("format", "BAM");
    long length = header.contigs().stream().mapToLong(Contig::lengthBp).sum();
    json.putObject("statistics")
        .put("total_reads", reads)
        .put("mapped_reads", placed)
        .put("unmapped_reads", reads - placed)
        .put("duplicate_reads", duplicates)
        .put("total_bases", bases)
        .put("mean_coverage", length == 0 ? 0 : (double) bases / length);
    ArrayNode list = json.putArray("chunks");
    chunks.forEach(chunk -> describe(list.addObject(), chunk));
    json.put("chunk_size", spanBp);
    json.putObject("compression").put("algorithm", "zstd");
    return json;
  }

  private void describe(ObjectNode json, StoredChunk chunk) {
    json.put("path", chunk.key()).put("reference", chunk.contig());
    json.put("start", chunk.start0()).put("end", chunk.end0()).put("reads", chunk.reads());
    json.put("size_bytes", chunk.bytes()).put("compression", "zstd");
    json.put("checksum", chunk.sha256()).put("created", created);
  }

  private ObjectNode index(ObjectMapper mapper) {
    ObjectNode json = mapper.createObjectNode();
    ObjectNode references = json.putObject("references");
    for (Contig contig : header.contigs()) {
      List<StoredChunk> its =
          chunks.stream().filter(chunk -> chunk.contig().equals(contig.name())).toList();
      if (!its.isEmpty()) {
        ObjectNode entry = references.putObject(contig.name());
        entry.put("name", contig.name()).put("length", contig.lengthBp());
        ArrayNode list = entry.putArray("chunks");
        its.forEach(chunk -> describe(list.addObject(), chunk));
      }
    }
    return json;
  }

  private ObjectNode header(ObjectMapper mapper) {
    ObjectNode json = mapper.createObjectNode();
    ObjectNode first = json.putObject("HD");
    ArrayNode contigs = json.putArray("SQ");
    ArrayNode groups = json.putArray("RG");
    ArrayNode programs = json.putArray("PG");
    ArrayNode comments = json.putArray("CO");
    Map<String, ObjectNode> described = new HashMap<>();
    for (String line : header.text().lines().filter(line -> line.length() > 4).toList()) {
      switch (line.substring(0, 3)) {
        case "@HD" -> fields(first, line);
        case "@SQ" -> {
          ObjectNode contig = fields(mapper.createObjectNode(), line);
          described.put(contig.path("SN").asText(), contig);
        }
        case "@RG" -> fields(groups.addObject(), line);
        case "@PG" -> fields(programs.addObject(), line);
        case "@CO" -> comments.add(line.substring(4));
        default -> {} // no other kind of line exists
      }
    }
    for (Contig contig : header.contigs()) {
      ObjectNode fields = described.getOrDefault(contig.name(), mapper.createObjectNode());
      contigs.add(fields.put("SN", contig.name()).put("LN", Integer.toString(contig.lengthBp())));
    }
    return json;
  }

  private static ObjectNode fields(ObjectNode target, String line) {
    for (String field : line.substring(3).split("\t", -1)) {
      if (field.length() >= 3 && field.charAt(2) == ':') {
        target.put(field.substring(0, 2), field.substring(3));
      }
    }
    return target;
  }
}
