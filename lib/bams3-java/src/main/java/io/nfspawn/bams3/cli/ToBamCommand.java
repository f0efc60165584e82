package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.bam.BgzfOutput;
import io.nfspawn.bams3.v1.DatasetReader;
import java.io.IOException;
import java.util.Set;
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

/** {@code bams3 to-bam}. */
@Command(
    name = "to-bam",
    description = "Give back the BAM file: the same header and records, byte for byte.",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bams3 to-bam sample.bams3 sample.bam",
      "  bams3 to-bam --level 0 sample.bams3 - | samtools markdup - marked.bam"
    })
final class ToBamCommand implements Callable<Integer> {
  static final int DEFAULT_LEVEL = 6;

  @Parameters(index = "0", paramLabel = "DATASET", description = "Dataset to read.")
  private String dataset;

  @Parameters(index = "1", paramLabel = "OUT.BAM", description = "File to write; - for a pipe.")
  private String output;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that decode and deflate; as many as processors by default.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--level",
      paramLabel = "0-9",
      description = "Deflate level, 0 stores; ${DEFAULT-VALUE} by default.")
  private int level = DEFAULT_LEVEL;

  @Mixin StoreArguments bucket = new StoreArguments();

  @Mixin HelpOption help;

  @Spec private CommandSpec spec;

  /** See {@link PlainLine}. */
  static @Nullable ToBamCommand of(String[] arguments) {
    PlainLine line = PlainLine.parse(arguments, Set.of("--threads=", "--level="));
    if (line == null || line.operands().size() != 2) {
      return null;
    }
    ToBamCommand command = new ToBamCommand();
    command.dataset = line.operands().get(0);
    command.output = line.operands().get(1);
    command.threads = line.number("--threads", 1, 1000, command.threads);
    command.level = line.number("--level", 0, 9, DEFAULT_LEVEL);
    return command.threads < 0 || command.level < 0 ? null : command;
  }

  @Override
  public Integer call() throws IOException {
    if (threads < 1 || level < 0 || level > 9) {
      throw new ParameterException(
          spec.commandLine(),
          "--threads is %d and --level %d; threads must be at least 1, level 0 to 9"
              .formatted(threads, level));
    }
    try (DatasetReader reader = DatasetReader.open(dataset, bucket.options());
        Workers workers = new Workers("bams3-worker", threads);
        Output out = Output.to(output);
        BgzfOutput bgzf = new BgzfOutput(out, level, workers);
        Progress progress = new Progress("to-bam", " records", 1, reader.records())) {
      bgzf.write(reader.header().bytes());
      reader.copyRecords(bgzf, workers, progress::at);
      bgzf.finish();
      out.publish();
      bucket.report(reader.traffic());
    }
    return CommandLine.ExitCode.OK;
  }
}
