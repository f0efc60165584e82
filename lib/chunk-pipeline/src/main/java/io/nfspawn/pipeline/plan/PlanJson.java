package io.nfspawn.pipeline.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Interval;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.Publication;
import io.nfspawn.pipeline.WorkItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Plan files: one JSON object, an item a line; coordinates 0-based, half-open. */
final class PlanJson {
  private static final JsonFactory JSON = new JsonFactory();

  private PlanJson() {}

  /** Of the content without the digest itself, in the order and spelling of the file. */
  static String digest(Plan plan) {
    return Sha256.hex(bytes(plan, ""));
  }

  static void write(Plan plan, Path file) {
    try {
      Publication.write(file, bytes(plan, plan.digest()));
    } catch (NoSuchFileException e) {
      throw new PipelineException(
          "cannot write the plan " + file + ": its directory does not exist; make it first", e);
    } catch (IOException e) {
      throw new PipelineException("cannot write the plan " + file + ": " + e, e);
    }
  }

  private static byte[] bytes(Plan plan, String digest) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("schema", Plan.SCHEMA);
      out.writeStringField("digest", digest);
      out.writeStringField("sample", plan.sample());
      out.writeStringField("datasetDigest", plan.datasetDigest());
      writeReference(out, plan.reference());
      writeCalling(out, plan.calling());
      out.writeArrayFieldStart("contigs");
      for (Contig contig : plan.contigs()) {
        out.writeStartObject();
        out.writeStringField("name", contig.name());
        out.writeNumberField("length", contig.lengthBp());
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeArrayFieldStart("items");
      for (WorkItem item : plan.items()) {
        out.writeRaw('\n');
        writeItem(out, item);
      }
      out.writeEndArray();
      out.writeEndObject();
      out.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void writeReference(JsonGenerator out, Plan.PlannedReference reference)
      throws IOException {
    out.writeObjectFieldStart("reference");
    out.writeStringField("path", reference.path());
    out.writeNumberField("sizeBytes", reference.sizeBytes());
    out.writeStringField("indexSha256", reference.indexSha256());
    out.writeEndObject();
  }

  private static void writeCalling(JsonGenerator out, Plan.Calling calling) throws IOException {
    out.writeStringField("caller", calling.caller());
    out.writeStringField("callerArgs", calling.arguments());
    out.writeNumberField("chunkSpan", calling.spanBp());
    out.writeStringField("chunkPad", calling.pad());
  }

  private static void writeItem(JsonGenerator out, WorkItem item) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", item.id());
    out.writeNumberField("contig", item.contigIndex());
    out.writeNumberField("coreStart", item.core().start0());
    out.writeNumberField("coreEnd", item.core().end0());
    out.writeNumberField("padStart", item.padded().start0());
    out.writeNumberField("padEnd", item.padded().end0());
    out.writeEndObject();
  }

  static Plan read(Path file) {
    try {
      JsonNode json = new ObjectMapper().readTree(Files.readAllBytes(file));
      String schema = json.path("schema").asText("none");
      if (!schema.equals(Plan.SCHEMA)) {
        throw new PipelineException(
            "plan "
                + file
                + " has schema "
                + schema
                + ", this program reads "
                + Plan.SCHEMA
                + "; run spawn-chunks plan again");
      }
      Plan plan = plan(json);
      String actual = digest(plan);
      if (!actual.equals(plan.digest())) {
        throw unusable(
            file, "its content has digest " + actual + " but it says " + plan.digest(), null);
      }
      return plan;
    } catch (NoSuchFileException e) {
      throw new PipelineException(
          "plan " + file + " does not exist; make one with spawn-chunks plan", e);
    } catch (JsonProcessingException e) {
      throw unusable(file, "it is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw unusable(file, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new PipelineException("plan " + file + " cannot be read: " + e, e);
    }
  }

  private static PipelineException unusable(
      Path file, String problem, @org.jspecify.annotations.Nullable Throwable cause) {
    String text = "plan " + file + " cannot be used: " + problem + "; run spawn-chunks plan again";
    return cause == null ? new PipelineException(text) : new PipelineException(text, cause);
  }

  private static Plan plan(JsonNode json) {
    List<Contig> contigs = new ArrayList<>();
    for (JsonNode contig : field(json, "contigs")) {
      contigs.add(
          new Contig(contigs.size(), text(contig, "name"), field(contig, "length").asInt()));
    }
    List<WorkItem> items = new ArrayList<>();
    for (JsonNode item : field(json, "items")) {
      items.add(item(item));
    }
    JsonNode reference = field(json, "reference");
    return new Plan(
        text(json, "digest"),
        text(json, "sample"),
        text(json, "datasetDigest"),
        new Plan.PlannedReference(
            text(reference, "path"),
            field(reference, "sizeBytes").asLong(),
            text(reference, "indexSha256")),
        new Plan.Calling(
            text(json, "caller"),
            text(json, "callerArgs"),
            field(json, "chunkSpan").asInt(),
            text(json, "chunkPad")),
        contigs,
        items);
  }

  private static WorkItem item(JsonNode item) {
    int contig = field(item, "contig").asInt();
    return new WorkItem(
        text(item, "id"),
        new Interval(contig, field(item, "coreStart").asInt(), field(item, "coreEnd").asInt()),
        new Interval(contig, field(item, "padStart").asInt(), field(item, "padEnd").asInt()));
  }

  private static String text(JsonNode json, String name) {
    return field(json, name).asText();
  }

  private static JsonNode field(JsonNode json, String name) {
    JsonNode value = json.get(name);
    if (value == null) {
      throw new IllegalArgumentException("field " + name + " is missing");
    }
    return value;
  }
}
