package io.nfspawn.bams3.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Counts;
import io.nfspawn.bams3.Counts.ContigCount;
import io.nfspawn.bams3.Counts.FlagCounts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts in the words and layout of samtools 1.16. */
final class StatsText {
  private static final List<String> KINDS =
      List.of(
          "in total (QC-passed reads + QC-failed reads)",
          "primary",
          "secondary",
          "supplementary",
          "duplicates",
          "primary duplicates",
          "mapped",
          "primary mapped",
          "paired in sequencing",
          "read1",
          "read2",
          "properly paired",
          "with itself and mate mapped",
          "singletons",
          "with mate mapped to a different chr",
          "with mate mapped to a different chr (mapQ>=5)");

  private static final List<String> JSON_KINDS =
      List.of(
          "total",
          "primary",
          "secondary",
          "supplementary",
          "duplicates",
          "primary duplicates",
          "mapped",
          "primary mapped",
          "paired in sequencing",
          "read1",
          "read2",
          "properly paired",
          "with itself and mate mapped",
          "singletons",
          "with mate mapped to a different chr",
          "with mate mapped to a different chr (mapQ >= 5)");

  private final Counts counts;
  private final List<Contig> contigs;

  StatsText(Counts counts, List<Contig> contigs) {
    this.counts = counts;
    this.contigs = contigs;
  }

  byte[] toText() {
    StringBuilder text = new StringBuilder();
    long[] passed = numbers(counts.passed());
    long[] failed = numbers(counts.failed());
    for (int kind = 0; kind < passed.length; kind++) {
      text.append(passed[kind]).append(" + ").append(failed[kind]).append(' ');
      text.append(KINDS.get(kind));
      int whole = whole(kind);
      if (whole >= 0) {
        text.append(" (").append(percent(passed[kind], passed[whole])).append(" : ");
        text.append(percent(failed[kind], failed[whole])).append(')');
      }
      text.append('\n');
    }
    text.append('\n');
    appendContigs(text);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void appendContigs(StringBuilder text) {
    Map<Integer, ContigCount> byIndex = byIndex();
    for (Contig contig : contigs) {
      ContigCount count = countOf(byIndex, contig);
      text.append(contig.name()).append('\t').append(contig.lengthBp()).append('\t');
      text.append(count.mapped()).append('\t').append(count.unmapped()).append('\n');
    }
    text.append("*\t0\t0\t").append(counts.unplaced()).append('\n');
  }

  /** Of which kind samtools gives a percentage: mapped of all, pairs of all pairs. */
  private static int whole(int kind) {
    return switch (kind) {
      case 6 -> 0;
      case 7 -> 1;
      case 11, 13 -> 8;
      default -> -1;
    };
  }

  /** In single precision first, as samtools computes it. */
  private static String percent(long part, long whole) {
    return whole == 0
        ? "N/A"
        : String.format(Locale.ROOT, "%.2f%%", ((float) part / whole) * 100.0);
  }

  byte[] toJson() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      write(json, "QC-passed reads", counts.passed());
      write(json, "QC-failed reads", counts.failed());
      json.writeArrayFieldStart("contigs");
      Map<Integer, ContigCount> byIndex = byIndex();
      for (Contig contig : contigs) {
        ContigCount count = countOf(byIndex, contig);
        json.writeStartObject();
        json.writeStringField("name", contig.name());
        json.writeNumberField("length", contig.lengthBp());
        json.writeNumberField("mapped", count.mapped());
        json.writeNumberField("unmapped", count.unmapped());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNumberField("unplaced", counts.unplaced());
      json.writeEndObject();
    }
    out.write('\n');
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, String name, FlagCounts counts) throws IOException {
    json.writeObjectFieldStart(name);
    long[] numbers = numbers(counts);
    for (int kind = 0; kind < numbers.length; kind++) {
      json.writeNumberField(JSON_KINDS.get(kind), numbers[kind]);
    }
    json.writeEndObject();
  }

  private Map<Integer, ContigCount> byIndex() {
    Map<Integer, ContigCount> byIndex = new HashMap<>();
    counts.contigs().forEach(count -> byIndex.put(count.contigIndex(), count));
    return byIndex;
  }

  private static ContigCount countOf(Map<Integer, ContigCount> byIndex, Contig contig) {
    return byIndex.getOrDefault(contig.index(), new ContigCount(contig.index(), 0, 0));
  }

  private static long[] numbers(FlagCounts c) {
    return new long[] {
      c.total(),
      c.primary(),
      c.secondary(),
      c.supplementary(),
      c.duplicates(),
      c.primaryDuplicates(),
      c.mapped(),
      c.primaryMapped(),
      c.paired(),
      c.read1(),
      c.read2(),
      c.properlyPaired(),
      c.bothMapped(),
      c.singletons(),
      c.mateOnOtherContig(),
      c.mateOnOtherContigMapq5()
    };
  }
}
