package io.nfspawn.pipeline.cli;

import io.nfspawn.pipeline.gang.MergeMember;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.transport.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description =
        "Member of a gang: writes the calls in order as they arrive; publishes VCF, index and"
            + " receipt when all are there.",
    footer = {
      "",
      "Example (environment set by the agent):",
      "  spawn-chunks merge --plan plan.json -o NA12878.vcf.gz"
    })
final class MergeCommand implements Callable<Integer> {
  @Option(names = "--plan", required = true, paramLabel = "FILE", description = "The plan.")
  private Path plan;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The VCF. Default: <sample>.vcf.gz.")
  private @Nullable Path output;

  @Option(names = "--trace", paramLabel = "FILE", description = "Writes what happened when.")
  private @Nullable Path trace;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan planned = Plan.read(plan);
    Path vcf = output == null ? Path.of(planned.sample() + ".vcf.gz") : output;
    try (Trace steps = Inputs.trace(trace);
        Channel channel = Inputs.channel("merge")) {
      new MergeMember(channel, planned, vcf, steps).run();
    }
    return 0;
  }
}
