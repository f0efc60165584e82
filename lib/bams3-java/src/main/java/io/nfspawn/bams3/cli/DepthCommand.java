package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.Region;
import io.nfspawn.bams3.v1.DatasetReader;
import io.nfspawn.bams3.v1.DepthScan;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bams3 depth}: the output of {@code samtools depth}. */
@Command(
    name = "depth",
    description =
        "Print the depth of each covered base as samtools depth does, from flags, positions and"
            + " CIGARs alone.",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  bams3 depth sample.bams3",
      "  bams3 depth sample.bams3 chr20:10,000,000-10,010,000"
    })
final class DepthCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DATASET", description = "Dataset to read.")
  private String dataset;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "REGION",
      description = "CONTIG or CONTIG:START-END (1-based); all of the dataset when there is none.")
  private @Nullable String region;

  @Option(names = "-o", paramLabel = "FILE", description = "Output file; - by default.")
  private String output = "-";

  @Mixin HelpOption help;

  /** See {@link PlainLine}. */
  static @Nullable DepthCommand of(String[] arguments) {
    PlainLine line = PlainLine.parse(arguments, Set.of("-o="));
    if (line == null || line.operands().isEmpty() || line.operands().size() > 2) {
      return null;
    }
    DepthCommand command = new DepthCommand();
    command.dataset = line.operands().get(0);
    command.region = line.operands().size() == 2 ? line.operands().get(1) : null;
    command.output = line.value("-o", "-");
    return command;
  }

  @Override
  public Integer call() throws IOException {
    try (DatasetReader reader = DatasetReader.open(dataset);
        Output out = Output.to(output)) {
      reader.requireOrder("depth");
      new DepthScan(reader, wanted(reader), out).run();
      out.publish();
    }
    return CommandLine.ExitCode.OK;
  }

  private @Nullable Interval wanted(DatasetReader reader) throws IOException {
    if (region == null) {
      return null;
    }
    Region asked = reader.region(region);
    if (asked.isUnplaced()) {
      throw new Bams3Exception("region *: unplaced records cover no base; name a contig");
    }
    return asked.toInterval();
  }
}
