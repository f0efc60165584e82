package io.nfspawn.bams3.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.bam.BamHeader;
import io.nfspawn.bams3.bam.BamHeaderBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** {@code _header.json}, put together again as far as it is there. */
final class LegacyHeader {
  static final String KEY = "_header.json";

  private LegacyHeader() {}

  /**
   * @param ordered whether the records still have the order that the header may promise
   */
  static BamHeader parse(String place, JsonNode json, boolean ordered) throws IOException {
    StringBuilder text = new StringBuilder();
    JsonNode first = json.path("HD");
    if (!first.isEmpty()) {
      String order = first.path("SO").asText();
      boolean lost = !ordered && !order.isEmpty();
      line(text, "@HD", first, List.of("VN", "SO"), lost ? Map.of("SO", "unsorted") : Map.of());
    }
    BamHeaderBuilder head = new BamHeaderBuilder();
    for (JsonNode contig : json.path("SQ")) {
      line(text, "@SQ", contig, List.of("SN", "LN"), Map.of());
      head.addContig(contig.path("SN").asText(), length(place, contig));
    }
    for (String kind : List.of("RG", "PG")) {
      for (JsonNode entry : json.path(kind)) {
        line(text, "@" + kind, entry, List.of("ID"), Map.of());
      }
    }
    for (JsonNode comment : json.path("CO")) {
      text.append("@CO\t").append(comment.asText()).append('\n');
    }
    return BamHeader.parse(head.build(text.toString().getBytes(StandardCharsets.UTF_8)), place);
  }

  private static int length(String place, JsonNode contig) throws CorruptDatasetException {
    int length = contig.path("LN").asInt(-1);
    if (length < 0) {
      throw new CorruptDatasetException(place, KEY, "has a contig without length: " + contig);
    }
    return length;
  }

  /** One line: some fields first, in the specification's order, then the others as stored. */
  private static void line(
      StringBuilder text,
      String kind,
      JsonNode fields,
      List<String> leading,
      Map<String, String> instead) {
    text.append(kind);
    for (String tag : leading) {
      if (fields.has(tag)) {
        field(text, tag, instead.getOrDefault(tag, fields.get(tag).asText()));
      }
    }
    for (Map.Entry<String, JsonNode> entry : fields.properties()) {
      if (!leading.contains(entry.getKey())) {
        field(text, entry.getKey(), entry.getValue().asText());
      }
    }
    text.append('\n');
  }

  private static void field(StringBuilder text, String tag, String value) {
    text.append('\t').append(tag).append(':').append(value);
  }
}
