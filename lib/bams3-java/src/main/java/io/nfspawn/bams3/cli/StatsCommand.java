package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.Counts;
import io.nfspawn.bams3.v1.DatasetReader;
import io.nfspawn.bams3.v1.FlagScan;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bams3 stats}. */
@Command(
    name = "stats",
    description = "Print the numbers of samtools flagstat and, below them, of samtools idxstats.",
    sortOptions = false,
    footer = {"", "Examples:", "  bams3 stats sample.bams3", "  bams3 stats --json sample.bams3"})
final class StatsCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DATASET", description = "Dataset to read.")
  private String dataset;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--scan",
      description = "Count the records by their columns instead of believing the manifest.")
  private boolean scan;

  @Mixin StoreArguments bucket = new StoreArguments();

  @Mixin HelpOption help;

  /** See {@link PlainLine}. */
  static @Nullable StatsCommand of(String[] arguments) {
    PlainLine line = PlainLine.parse(arguments, Set.of("--json", "--scan"));
    if (line == null || line.operands().size() != 1) {
      return null;
    }
    StatsCommand command = new StatsCommand();
    command.dataset = line.operands().get(0);
    command.json = line.has("--json");
    command.scan = line.has("--scan");
    return command;
  }

  @Override
  public Integer call() throws IOException {
    try (DatasetReader reader = DatasetReader.open(dataset, bucket.options());
        Output out = Output.to("-")) {
      Counts counts = scan ? FlagScan.run(reader) : reader.counts();
      StatsText text = new StatsText(counts, reader.contigs());
      out.write(json ? text.toJson() : text.toText());
      out.publish();
      bucket.report(reader.traffic());
    }
    return CommandLine.ExitCode.OK;
  }
}
