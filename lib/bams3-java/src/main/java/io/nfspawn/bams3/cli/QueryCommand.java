package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.Field;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.Query;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.Region;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.bam.BgzfOutput;
import io.nfspawn.bams3.bam.SamText;
import io.nfspawn.bams3.v1.DatasetReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bams3 query}: the records and the order of {@code samtools view -M}. */
@Command(
    name = "query",
    description = "Print the records that overlap regions, in file order, each once.",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bams3 query sample.bams3 chr20:10,000,000-10,010,000",
      "  bams3 query --count -F UNMAP,DUP -q 20 sample.bams3 chr1 chr2:1-5000",
      "  bams3 query -O bam -o slice.bam -L targets.bed sample.bams3",
      "  bams3 query sample.bams3 '{HLA-A*01:01:01:01}:100-200' '*'"
    })
final class QueryCommand implements Callable<Integer> {
  /** Formats of {@code -O}. */
  enum Format {
    SAM,
    BAM
  }

  @Parameters(index = "0", paramLabel = "DATASET", description = "Dataset to read.")
  private String dataset;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "REGION",
      description =
          "CONTIG, CONTIG:START-END (1-based), {CONTIG}:START-END for names with a colon, * for"
              + " unplaced records; all records when there is none.")
  private List<String> regions = new ArrayList<>();

  @Option(names = "-O", paramLabel = "sam|bam", description = "Format; ${DEFAULT-VALUE}.")
  private Format format = Format.SAM;

  @Option(names = "-o", paramLabel = "FILE", description = "Output file; - by default.")
  private String output = "-";

  @Option(names = "-h", description = "Print the header before the records.")
  private boolean withHeader;

  @Option(names = "--count", description = "Print only the number of records.")
  private boolean count;

  @Option(
      names = "-f",
      paramLabel = "FLAGS",
      converter = FlagMask.Converter.class,
      description = "Only records with all of these flags: a number, or names with commas.")
  private FlagMask required = new FlagMask(0);

  @Option(
      names = "-F",
      paramLabel = "FLAGS",
      converter = FlagMask.Converter.class,
      description = "Only records with none of these flags.")
  private FlagMask excluded = new FlagMask(0);

  @Option(names = "-q", paramLabel = "INT", description = "Least mapping quality.")
  private int minMapq;

  @Option(names = "-L", paramLabel = "BED", description = "Only records that overlap this file.")
  private @Nullable Path bed;

  @Mixin StoreArguments bucket = new StoreArguments();

  @Mixin HelpOption help;

  /** See {@link PlainLine}. */
  static @Nullable QueryCommand of(String[] arguments) {
    PlainLine line = PlainLine.parse(arguments, Set.of("--count", "-h", "-o="));
    if (line == null || line.operands().isEmpty()) {
      return null;
    }
    QueryCommand command = new QueryCommand();
    command.dataset = line.operands().get(0);
    command.regions = line.operands().subList(1, line.operands().size());
    command.count = line.has("--count");
    command.withHeader = line.has("-h");
    command.output = line.value("-o", "-");
    return command;
  }

  @Override
  public Integer call() throws IOException {
    try (DatasetReader reader = DatasetReader.open(dataset, bucket.options())) {
      List<Interval> targets = bed == null ? null : BedFile.read(bed, reader);
      Query query = flagged(where(reader, targets));
      IntervalSet within = targets == null ? null : IntervalSet.of(targets);
      try (RecordCursor records = reader.query(count ? counted(query, within) : query);
          Output out = Output.to(output)) {
        write(reader, records, within, out);
        out.publish();
      }
      bucket.report(reader.traffic());
    }
    return CommandLine.ExitCode.OK;
  }

  /** By region, else by BED file where that saves reading the rest. */
  private Query where(DatasetReader reader, @Nullable List<Interval> targets) throws IOException {
    List<Region> wanted = new ArrayList<>();
    for (String region : regions) {
      if (region.equals(".")) {
        return Query.ALL;
      }
      wanted.add(reader.region(region));
    }
    if (!wanted.isEmpty()) {
      return Query.overlapping(wanted.toArray(new Region[0]));
    }
    return targets != null && reader.isCoordinateSorted()
        ? Query.overlapping(targets.toArray(new Interval[0]))
        : Query.ALL;
  }

  private Query flagged(Query query) {
    return query.requiring(required.bits()).excluding(excluded.bits()).withMapqFrom(minMapq);
  }

  /** Only what it takes to choose the records. */
  private static Query counted(Query query, @Nullable IntervalSet within) {
    return within == null ? query.only() : query.only(Field.CIGAR);
  }

  private void write(
      DatasetReader reader, RecordCursor records, @Nullable IntervalSet within, Output out)
      throws IOException {
    if (count) {
      long accepted = 0;
      while (records.next()) {
        accepted += within == null || within.overlaps(records.record()) ? 1 : 0;
      }
      out.write((accepted + "\n").getBytes(StandardCharsets.US_ASCII));
    } else if (format == Format.BAM) {
      writeBam(reader, records, within, out);
    } else {
      if (withHeader) {
        out.write(reader.header().printedText());
      }
      SamText text = new SamText(reader.contigs());
      while (records.next()) {
        if (within == null || within.overlaps(records.record())) {
          text.write(records.record(), out);
        }
      }
    }
  }

  private static void writeBam(
      DatasetReader reader, RecordCursor records, @Nullable IntervalSet within, Output out)
      throws IOException {
    try (Workers workers = new Workers("bams3-worker", Runtime.getRuntime().availableProcessors());
        BgzfOutput bgzf = new BgzfOutput(out, ToBamCommand.DEFAULT_LEVEL, workers)) {
      bgzf.write(reader.header().bytes());
      while (records.next()) {
        if (within == null || within.overlaps(records.record())) {
          records.record().writeTo(bgzf);
        }
      }
      bgzf.finish();
    }
  }
}
