package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import io.nfspawn.bams3.sort.SortOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bams3 convert}. */
@Command(
    name = "convert",
    description = "Make a dataset of an alignment file, without losing a byte of it.",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bams3 convert sample.bam sample.bams3",
      "  bwa mem ref.fa r1.fq r2.fq | bams3 convert --sort - sample.bams3",
      "  bams3 convert --reference ref.fa --span 4M sample.cram sample.bams3",
      "  bams3 convert s3://bucket/sample.bam s3://bucket/sample.bams3"
    })
final class ConvertCommand implements Callable<Integer> {
  /** Values of {@code --format}. */
  enum Format {
    CURRENT("1"),
    V02("0.2");

    private final String text;

    Format(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }

    /** By what a user types. */
    static final class Converter implements ITypeConverter<Format> {
      @Override
      public Format convert(String text) {
        return switch (text) {
          case "1", "1.0" -> CURRENT;
          case "0.2" -> V02;
          default ->
              throw new TypeConversionException(
                  "'" + text + "' cannot be written; formats are 1 and 0.2");
        };
      }
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "INPUT",
      description =
          "BAM, SAM or CRAM file or s3://bucket/key; - for standard input. SAM and CRAM need samtools.")
  private String input;

  @Parameters(
      index = "1",
      paramLabel = "DATASET",
      description = "Directory or s3://bucket/prefix to make.")
  private String target;

  @Option(
      names = "--span",
      paramLabel = "BASES",
      defaultValue = "1M",
      converter = Bases.Converter.class,
      description =
          "Bases whose records share a chunk: a power of two from 4K to 64M, 1024-based; ${DEFAULT-VALUE} by default.")
  private Bases span;

  @Option(
      names = "--profile",
      paramLabel = "fast|balanced|small",
      defaultValue = "balanced",
      description =
          "What the dataset is for: quick to write and read, half of BAM's size, or smaller still;"
              + " ${DEFAULT-VALUE} by default.")
  private Profile profile;

  @Option(
      names = "--reference",
      paramLabel = "FASTA",
      description =
          "Reference of a CRAM file, for which samtools looks otherwise; of any file, makes the"
              + " dataset smaller where reads lack the tag MD. The dataset does not need it.")
  private @Nullable Path reference;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that inflate and encode; as many as processors by default.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--force", description = "Replace a dataset of the same name.")
  private boolean force;

  @Option(
      names = "--format",
      paramLabel = "1|0.2",
      converter = Format.Converter.class,
      description =
          "Format of the dataset; 0.2 is for the first BAMS3 tools and loses mates and types of"
              + " tags; ${DEFAULT-VALUE} by default.")
  private Format format = Format.CURRENT;

  @Mixin private SortArguments sorting;

  @Mixin StoreArguments bucket;

  @Mixin HelpOption help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    WriteOptions options = options();
    try (ConvertPlaces places = new ConvertPlaces(input, target, bucket.options(), reference)) {
      AlignmentInput source = places.source();
      Optional<SortOptions> how = sorting.options(places.spillDirectory());
      try (Progress progress = new Progress("convert", " MiB", 1 << 20, source.sizeBytes())) {
        Conversion conversion =
            switch (format) {
              case CURRENT -> places.conversion(source, options, progress::at);
              case V02 -> Conversion.toLegacy(source, places.directory(), options, progress::at);
            };
        Conversion.Result result = how.map(conversion::sorted).orElse(conversion).run();
        System.out.printf(
            "%s: %d records, chunk span %d bases, %s%n",
            target,
            result.records(),
            span.count(),
            result.sorted()
                ? "coordinate sorted"
                : "not coordinate sorted: kept in order, cannot be asked for regions");
      }
      bucket.report(places.traffic());
    }
    return CommandLine.ExitCode.OK;
  }

  private WriteOptions options() {
    try {
      return new WriteOptions(span.count(), threads, profile, force, reference);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
