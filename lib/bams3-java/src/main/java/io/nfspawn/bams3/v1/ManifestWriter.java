package io.nfspawn.bams3.v1;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.Counts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes a manifest as JSON. Its last member, {@code manifest_sha256}, is the digest of all bytes
 * before {@link #SEAL}, so that not one character of a manifest can change unnoticed.
 */
final class ManifestWriter {
  /** Separates the content from its digest; occurs nowhere else, since quotes are escaped. */
  static final String SEAL = ",\n\"manifest_sha256\":\"";

  static final String END = "\"}\n";

  private ManifestWriter() {}

  static byte[] toJson(Manifest manifest) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("format", Manifest.FORMAT);
      json.writeStringField("version", Manifest.VERSION);
      json.writeStringField("reader", Manifest.READER);
      json.writeStringField("profile", manifest.profile().name().toLowerCase(Locale.ROOT));
      json.writeNumberField("span", manifest.spanBp());
      json.writeStringField("order", manifest.sorted() ? "coordinate" : "unsorted");
      writeHeader(json, manifest.header());
      writeCounts(json, manifest.counts());
      json.writeArrayFieldStart("chunks");
      for (StoredChunk chunk : manifest.chunks()) {
        json.writeRaw('\n');
        writeChunk(json, chunk);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    byte[] closed = out.toByteArray();
    int content = closed.length - 1;
    String seal = SEAL + Digests.sha256Hex(closed, content) + END;
    out.reset();
    out.write(closed, 0, content);
    out.writeBytes(seal.getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private static void writeHeader(JsonGenerator json, HeaderEntry header) throws IOException {
    json.writeObjectFieldStart("header");
    json.writeNumberField("bytes", header.bytes());
    json.writeStringField("sha256", header.sha256());
    if (header.inline() != null) {
      json.writeStringField("zstd", header.inline());
    } else {
      json.writeStringField("key", Manifest.HEADER_KEY);
      json.writeNumberField("stored", header.storedBytes());
    }
    json.writeEndObject();
  }

  private static void writeCounts(JsonGenerator json, Counts counts) throws IOException {
    json.writeNumberField("records", counts.records());
    json.writeNumberField("unplaced", counts.unplaced());
    json.writeArrayFieldStart("contigs");
    for (Counts.ContigCount contig : counts.contigs()) {
      json.writeArray(new long[] {contig.contigIndex(), contig.mapped(), contig.unmapped()}, 0, 3);
    }
    json.writeEndArray();
  }

  private static void writeChunk(JsonGenerator json, StoredChunk chunk) throws IOException {
    ChunkInfo info = chunk.info();
    json.writeStartObject();
    json.writeStringField("key", info.key());
    json.writeNumberField("contig", chunk.name().contig());
    json.writeNumberField("window", chunk.name().window());
    json.writeNumberField("part", chunk.name().part());
    json.writeNumberField("records", info.records());
    json.writeNumberField("bytes", info.sizeBytes());
    json.writeNumberField("raw_bytes", info.rawSizeBytes());
    json.writeNumberField("index_bytes", chunk.indexBytes());
    json.writeNumberField("index_crc32c", chunk.indexCrc32c() & 0xffffffffL);
    json.writeNumberField("min_start", info.minStart0());
    json.writeNumberField("max_end", info.maxEnd0());
    json.writeNumberField("max_reference_span", info.maxReferenceSpanBp());
    long[] kinds = chunk.tally().kinds();
    json.writeFieldName("flagstat");
    json.writeArray(kinds, 0, kinds.length);
    json.writeStringField("sha256", info.sha256());
    json.writeEndObject();
  }
}
