package io.nfspawn.pipeline.gang;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.nfspawn.bams3.Interval;
import io.nfspawn.pipeline.Latin1;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What a caller sends to the merge: the calls of one item, or, first of all and under the key
 * {@link #HEADER_KEY}, the VCF header that holds for all items.
 *
 * <pre>
 * 0  u8   version, 1
 * 1  u32  n, length of the JSON that follows      LE
 * 5  …    {"worker","version","command","numbers":[attempt, then contig, start, end of each overDepth]}
 * 5+n     VCF text, gzip: header lines (none when one header holds for all), then record lines
 * </pre>
 *
 * @param worker who called it
 * @param attempt how often the item had been handed out when it was called, from 1
 * @param callerVersion as the caller prints it
 * @param callerCommand the command, places of files left open
 * @param vcf one char a byte
 * @param overDepth where depth passes the caller's limit
 */
record ItemResult(
    String worker,
    int attempt,
    String callerVersion,
    String callerCommand,
    String vcf,
    List<Interval> overDepth) {
  static final String HEADER_KEY = "header";
  private static final byte VERSION = 1;
  private static final JsonFactory JSON = new JsonFactory();

  ItemResult {
    overDepth = List.copyOf(overDepth);
  }

  ByteBuffer encode() {
    try {
      byte[] json = json();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);
      bytes.write(VERSION);
      bytes.write(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(json.length).array());
      bytes.write(json);
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(Latin1.bytes(vcf));
      }
      return ByteBuffer.wrap(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] json() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("worker", worker);
      out.writeStringField("version", callerVersion);
      out.writeStringField("command", callerCommand);
      out.writeArrayFieldStart("numbers");
      out.writeNumber(attempt);
      for (Interval interval : overDepth) {
        out.writeNumber(interval.contigIndex());
        out.writeNumber(interval.start0());
        out.writeNumber(interval.end0());
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when it is of another version
   */
  static ItemResult decode(ByteBuffer payload) {
    ByteBuffer in = payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    byte version = in.get();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "result of version "
              + version
              + ", this program reads "
              + VERSION
              + "; run every member of the gang with the same release");
    }
    byte[] json = new byte[in.getInt()];
    in.get(json);
    byte[] gzip = new byte[in.remaining()];
    in.get(gzip);
    try (GZIPInputStream text = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      ByteArrayOutputStream vcf = new ByteArrayOutputStream(gzip.length * 3);
      text.transferTo(vcf);
      return decode(json, vcf.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException("result of a work item is not sound", e);
    }
  }

  private static ItemResult decode(byte[] json, String vcf) throws IOException {
    String worker = "";
    String version = "";
    String command = "";
    List<Integer> numbers = new ArrayList<>();
    try (JsonParser in = JSON.createParser(json)) {
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        if (token == JsonToken.VALUE_NUMBER_INT) {
          numbers.add(in.getIntValue());
        } else if (token == JsonToken.VALUE_STRING) {
          switch (in.currentName()) {
            case "worker" -> worker = in.getText();
            case "version" -> version = in.getText();
            case "command" -> command = in.getText();
            default -> throw new IOException("unknown field " + in.currentName());
          }
        }
      }
    }
    List<Interval> overDepth = new ArrayList<>();
    for (int i = 1; i + 2 < numbers.size(); i += 3) {
      overDepth.add(new Interval(numbers.get(i), numbers.get(i + 1), numbers.get(i + 2)));
    }
    return new ItemResult(worker, numbers.get(0), version, command, vcf, overDepth);
  }
}
