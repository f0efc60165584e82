package io.nfspawn.bams3.legacy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.bam.RecordBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads of version 0.1. The Go tool writes most fields under two names and leaves out those that
 * are 0 or empty.
 */
final class JsonReads extends ChunkReads {
  private final JsonParser parser;

  JsonReads(
      ChunkStream stream,
      Origin origin,
      int contigIndex,
      RecordBuilder builder,
      ObjectMapper mapper)
      throws IOException {
    super(stream, origin, contigIndex, builder);
    parser = mapper.createParser(stream).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
    if (token() != JsonToken.START_ARRAY) {
      throw stream.corrupt("is no chunk of version 0.1: it is not a JSON array of reads");
    }
  }

  private JsonToken token() throws IOException {
    try {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw corruptRead("is cut");
      }
      return token;
    } catch (JsonProcessingException e) {
      throw corruptRead("is not JSON: " + e.getOriginalMessage());
    }
  }

  @Override
  boolean next(RecordView view) throws IOException {
    if (token() == JsonToken.END_ARRAY) {
      return false;
    }
    JsonNode read;
    try {
      read = parser.readValueAsTree();
    } catch (JsonProcessingException e) {
      throw corruptRead("is not JSON: " + e.getOriginalMessage());
    }
    byte[] name = bytes(read.path("name").asText());
    if (name.length > 254) {
      throw corruptRead("has a name of %d letters".formatted(name.length));
    }
    builder.start(name, 0, name.length);
    place(
        read.path("flag").asInt(),
        either(read, "reference_id", "ref").asInt(),
        either(read, "position", "pos").asLong(),
        either(read, "mapping_quality", "mapq").asInt());
    cigar(read);
    bases(either(read, "sequence", "seq"), either(read, "quality", "qual"));
    tags(read.path("tags"));
    builder.finish(view);
    count++;
    return true;
  }

  private static JsonNode either(JsonNode read, String name, String older) {
    JsonNode value = read.path(name);
    return value.isMissingNode() ? read.path(older) : value;
  }

  private void cigar(JsonNode read) throws IOException {
    JsonNode operations = read.path("cigar_ops");
    if (!operations.isEmpty()) {
      for (JsonNode operation : operations) {
        builder.addOperation(
            (operation.path("Length").asInt() << 4) | (operation.path("Type").asInt() & 0xf));
      }
      return;
    }
    String text = read.path("cigar").asText("*");
    if (read.path("cigar").isNull() || text.isEmpty() || text.equals("*")) {
      return;
    }
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter >= '0' && letter <= '9') {
        length = 10 * length + letter - '0';
      } else if (RecordBuilder.operation(letter) >= 0) {
        builder.addOperation(length << 4 | RecordBuilder.operation(letter));
        length = 0;
      } else {
        throw corruptRead("has the CIGAR " + text);
      }
    }
  }

  private void bases(JsonNode sequence, JsonNode quality) throws IOException {
    byte[] letters = bytes(sequence.asText());
    if (isAbsent(letters)) {
      return;
    }
    builder.bases(letters, 0, letters.length);
    byte[] printed = bytes(quality.asText());
    if (isAbsent(printed)) {
      builder.noQualities();
    } else if (printed.length == letters.length) {
      builder.printedQualities(printed, 0);
    } else {
      throw corruptRead("has %d bases and %d qualities".formatted(letters.length, printed.length));
    }
  }

  private static boolean isAbsent(byte[] text) {
    return text.length == 0 || (text.length == 1 && text[0] == '*');
  }

  private void tags(JsonNode tags) {
    for (Map.Entry<String, JsonNode> tag : tags.properties()) {
      byte[] name = bytes(tag.getKey());
      byte[] text = bytes(tag.getValue().asText());
      if (name.length == 2) {
        builder.textTag(name[0], name[1], text, 0, text.length);
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    parser.close();
    super.close();
  }
}
