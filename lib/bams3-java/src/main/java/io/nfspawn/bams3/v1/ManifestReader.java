package io.nfspawn.bams3.v1;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.Counts;
import io.nfspawn.bams3.DatasetOpenException;
import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.WriteOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads manifests: version first, then the seal, then the content, which is what was written once
 * the seal holds.
 */
final class ManifestReader {
  private final String place;
  private final byte[] bytes;

  private ManifestReader(String place, byte[] bytes) {
    this.place = place;
    this.bytes = bytes;
  }

  /**
   * @param place what messages call the dataset
   */
  static Manifest read(String place, byte[] bytes) throws IOException {
    ManifestReader reader = new ManifestReader(place, bytes);
    reader.checkVersion();
    String digest = reader.checkSeal();
    try {
      return reader.parse(digest);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw reader.corrupt("cannot be understood (" + e.getMessage() + ")");
    }
  }

  /** Looks only at the first three members, which every version keeps. */
  private void checkVersion() throws IOException {
    String format = "";
    String version = "";
    String reader = "";
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      json.nextToken();
      for (int member = 0; member < 3 && json.nextToken() == JsonToken.FIELD_NAME; member++) {
        String name = json.currentName();
        String value = json.nextTextValue();
        if (value != null && name.equals("format")) {
          format = value;
        } else if (value != null && name.equals("version")) {
          version = value;
        } else if (value != null && name.equals("reader")) {
          reader = value;
        }
      }
    } catch (JsonProcessingException e) {
      throw corrupt("is not JSON");
    }
    if (!format.equals(Manifest.FORMAT)) {
      throw corrupt("does not start with \"format\":\"bams3\"");
    }
    if (!version.equals(Manifest.VERSION)) {
      throw new DatasetOpenException(
          DatasetOpenException.Reason.OTHER_VERSION, place, otherVersion(version, reader));
    }
  }

  private String otherVersion(String version, String reader) {
    if (version.equals(Manifest.PROVISIONAL)) {
      return "%s: is a dataset of the provisional version 0.9, which no release reads; convert the BAM it came from"
          .formatted(place);
    }
    return "%s: is a dataset of version %s, this bams3 reads %s; use nf-spawn %s"
        .formatted(
            place,
            version.isEmpty() ? "unknown" : version,
            Manifest.VERSION,
            reader.isEmpty() ? "as it was when it wrote it" : reader + " or newer");
  }

  private String checkSeal() throws CorruptDatasetException {
    int sealBytes = ManifestWriter.SEAL.length() + 64 + ManifestWriter.END.length();
    int content = bytes.length - sealBytes;
    if (content < 0) {
      throw corrupt("is cut");
    }
    String seal = new String(bytes, content, sealBytes, StandardCharsets.ISO_8859_1);
    String digest = Digests.sha256Hex(bytes, content);
    if (!seal.equals(ManifestWriter.SEAL + digest + ManifestWriter.END)) {
      throw corrupt("has a wrong checksum or is cut");
    }
    return digest;
  }

  private Manifest parse(String digest) throws IOException {
    int spanBp = 0;
    boolean sorted = false;
    long unplaced = 0;
    Profile profile = Profile.BALANCED;
    Map<String, Object> header = Map.of();
    List<Counts.ContigCount> contigs = List.of();
    List<StoredChunk> chunks = List.of();
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "span" -> spanBp = json.getIntValue();
          case "profile" -> profile = Profile.valueOf(json.getText().toUpperCase(Locale.ROOT));
          case "order" -> sorted = json.getText().equals("coordinate");
          case "unplaced" -> unplaced = json.getLongValue();
          case "header" -> header = members(json);
          case "contigs" -> contigs = contigs(json);
          case "chunks" -> chunks = chunks(json, spanBp);
          default -> json.skipChildren();
        }
      }
    }
    if (Integer.bitCount(spanBp) != 1
        || spanBp < WriteOptions.MIN_SPAN_BP
        || spanBp > WriteOptions.MAX_SPAN_BP) {
      throw corrupt("has a span of " + spanBp);
    }
    return new Manifest(
        profile, spanBp, sorted, header(header), counts(chunks, contigs, unplaced), chunks, digest);
  }

  private static HeaderEntry header(Map<String, Object> header) {
    boolean inline = header.containsKey("zstd");
    return new HeaderEntry(
        count(header, "bytes"),
        text(header, "sha256"),
        inline ? text(header, "zstd") : null,
        inline ? 0 : count(header, "stored"));
  }

  private static Counts counts(
      List<StoredChunk> chunks, List<Counts.ContigCount> contigs, long unplaced) {
    Tally total = new Tally();
    chunks.forEach(chunk -> total.addAll(chunk.tally()));
    Counts byKind = total.counts();
    return new Counts(byKind.passed(), byKind.failed(), contigs, unplaced);
  }

  private static List<Counts.ContigCount> contigs(JsonParser json) throws IOException {
    List<Counts.ContigCount> contigs = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_ARRAY) {
      long[] row = numbers(json, 3);
      contigs.add(new Counts.ContigCount((int) row[0], row[1], row[2]));
    }
    return contigs;
  }

  private static List<StoredChunk> chunks(JsonParser json, int spanBp) throws IOException {
    List<StoredChunk> chunks = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      Map<String, Object> chunk = members(json);
      ChunkName name =
          new ChunkName(
              (int) number(chunk, "contig"), count(chunk, "window"), count(chunk, "part"));
      String key = text(chunk, "key");
      if (!key.equals(name.key())) {
        throw new IllegalArgumentException("chunk %s has the key %s".formatted(name.key(), key));
      }
      Object kinds = chunk.get("flagstat");
      if (!(kinds instanceof long[] counts)) {
        throw new IllegalArgumentException("chunk without flagstat");
      }
      ChunkInfo info =
          new ChunkInfo(
              key,
              name.contig(),
              name.interval(spanBp),
              number(chunk, "records"),
              number(chunk, "bytes"),
              number(chunk, "raw_bytes"),
              (int) number(chunk, "min_start"),
              (int) number(chunk, "max_end"),
              (int) number(chunk, "max_reference_span"),
              text(chunk, "sha256"));
      chunks.add(
          new StoredChunk(
              name,
              info,
              count(chunk, "index_bytes"),
              (int) number(chunk, "index_crc32c"),
              new Tally(counts)));
    }
    return chunks;
  }

  /** Members of a flat object: texts, numbers, arrays of kinds. */
  private static Map<String, Object> members(JsonParser json) throws IOException {
    Map<String, Object> members = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      switch (json.nextToken()) {
        case VALUE_STRING -> members.put(name, json.getText());
        case VALUE_NUMBER_INT -> members.put(name, json.getLongValue());
        case START_ARRAY -> members.put(name, numbers(json, 2 * Tally.KINDS));
        default -> json.skipChildren();
      }
    }
    return members;
  }

  private static long[] numbers(JsonParser json, int count) throws IOException {
    long[] numbers = new long[count];
    int filled = 0;
    while (json.nextToken() == JsonToken.VALUE_NUMBER_INT && filled < count) {
      numbers[filled++] = json.getLongValue();
    }
    if (filled != count || json.currentToken() != JsonToken.END_ARRAY) {
      throw new IllegalArgumentException("array does not have " + count + " numbers");
    }
    return numbers;
  }

  private static long number(Map<String, Object> members, String name) {
    if (members.get(name) instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException("there is no number " + name);
  }

  private static int count(Map<String, Object> members, String name) {
    long number = number(members, name);
    if (number < 0 || number > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException("number " + name + " is " + number);
    }
    return (int) number;
  }

  private static String text(Map<String, Object> members, String name) {
    if (members.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("there is no text " + name);
  }

  private CorruptDatasetException corrupt(String problem) {
    return new CorruptDatasetException(place, Manifest.KEY, problem);
  }
}
