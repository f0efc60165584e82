package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bams3 convert}. */
@Command(
    name = "convert",
    description = "Make a dataset of an alignment file, without losing a byte of it.",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bams3 convert sample.bam sample.bams3",
      "  bwa mem ref.fa r1.fq r2.fq | samtools sort | bams3 convert - sample.bams3",
      "  bams3 convert --reference ref.fa --span 4M sample.cram sample.bams3"
    })
final class ConvertCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "INPUT",
      description = "BAM, SAM or CRAM file; - for standard input. SAM and CRAM need samtools.")
  private String input;

  @Parameters(index = "1", paramLabel = "DATASET", description = "Directory to make.")
  private Path target;

  @Option(
      names = "--span",
      paramLabel = "BASES",
      defaultValue = "1M",
      converter = Bases.Converter.class,
      description =
          "Bases whose records share a chunk: a power of two from 4K to 64M, 1024-based; ${DEFAULT-VALUE} by default.")
  private Bases span;

  @Option(
      names = "--reference",
      paramLabel = "FASTA",
      description = "Reference of a CRAM file; otherwise samtools looks for it.")
  private @Nullable Path reference;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that inflate and encode; as many as processors by default.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--force", description = "Replace a dataset of the same name.")
  private boolean force;

  @Mixin HelpOption help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    AlignmentInput source =
        input.equals("-")
            ? AlignmentInput.pipe(System.in, reference)
            : AlignmentInput.file(Path.of(input), reference);
    WriteOptions options = options();
    try (Progress progress = new Progress("convert", " MiB", 1 << 20, source.sizeBytes())) {
      Conversion.Result result = new Conversion(source, target, options, progress::at).run();
      System.out.printf(
          "%s: %d records, chunk span %d bases, %s%n",
          target,
          result.records(),
          span.count(),
          result.sorted()
              ? "coordinate sorted"
              : "not coordinate sorted: kept in order, cannot be asked for regions");
    }
    return CommandLine.ExitCode.OK;
  }

  private WriteOptions options() {
    try {
      return new WriteOptions(span.count(), threads, WriteOptions.DEFAULT.level(), force);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
