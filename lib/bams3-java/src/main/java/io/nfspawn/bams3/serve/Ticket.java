package io.nfspawn.bams3.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.bam.BgzfOutput;
import io.nfspawn.bams3.serve.HtsgetException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The answer to a request: where the parts of the BAM file lie that the client asked for. */
final class Ticket {
  /** What is no longer than this stands in the ticket itself. */
  private static final int MAX_INLINE_BYTES = 1 << 14;

  /** Keeps the URL of a block shorter than servers and proxies may accept. */
  private static final int MAX_INTERVALS_OF_A_CONTIG = 1000;

  private static final JsonFactory JSON = new JsonFactory();

  private final Dataset dataset;
  private final String blockUrl;

  /**
   * @param blockUrl of the dataset's blocks, without query
   */
  Ticket(Dataset dataset, String blockUrl) {
    this.dataset = dataset;
    this.blockUrl = blockUrl;
  }

  byte[] toJson(ReadsRequest request) throws IOException, HtsgetException {
    List<Block> blocks = blocks(request);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeObjectFieldStart("htsget");
      json.writeStringField("format", "BAM");
      json.writeArrayFieldStart("urls");
      write(json, headerUrl(), "header");
      for (Block block : blocks) {
        write(json, blockUrl + "?" + block.query(), "body");
      }
      write(json, inline(endOfFile()), "body");
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static List<Block> blocks(ReadsRequest request) throws HtsgetException {
    return switch (request.content()) {
      case HEADER -> List.of();
      case ALL -> List.of(new Block.All());
      case REGIONS -> regions(request);
    };
  }

  /** A record lies on one contig, so no block repeats what another one has. */
  private static List<Block> regions(ReadsRequest request) throws HtsgetException {
    Map<Integer, List<Interval>> byContig = new LinkedHashMap<>();
    for (Interval interval : request.intervals()) {
      byContig.computeIfAbsent(interval.contigIndex(), i -> new ArrayList<>()).add(interval);
    }
    List<Block> blocks = new ArrayList<>();
    for (Map.Entry<Integer, List<Interval>> contig : byContig.entrySet()) {
      int count = contig.getValue().size();
      if (count > MAX_INTERVALS_OF_A_CONTIG) {
        throw new HtsgetException(
            Kind.PAYLOAD_TOO_LARGE,
            "%d separate regions of one reference; ask for at most %d at a time"
                .formatted(count, MAX_INTERVALS_OF_A_CONTIG));
      }
      blocks.add(new Block.OnContig(contig.getKey(), contig.getValue()));
    }
    if (request.unplaced()) {
      blocks.add(new Block.Unplaced());
    }
    return blocks;
  }

  private String headerUrl() throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    new Block.Header().write(dataset, header);
    return header.size() <= MAX_INLINE_BYTES
        ? inline(header.toByteArray())
        : blockUrl + "?" + new Block.Header().query();
  }

  private static byte[] endOfFile() throws IOException {
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    try (BgzfOutput bgzf = new BgzfOutput(end, 1)) {
      bgzf.finish();
    }
    return end.toByteArray();
  }

  private static String inline(byte[] content) {
    return "data:application/vnd.ga4gh.bam;base64," + Base64.getEncoder().encodeToString(content);
  }

  private static void write(JsonGenerator json, String url, String kind) throws IOException {
    json.writeStartObject();
    json.writeStringField("url", url);
    json.writeStringField("class", kind);
    json.writeEndObject();
  }
}
