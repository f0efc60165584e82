package io.nfspawn.pipeline.cli;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.gang.DistributeMember;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.pipeline.gang.Transfer;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "distribute",
    mixinStandardHelpOptions = true,
    description = "Member of a gang: hands out work items in the order of the plan.",
    footer = {
      "",
      "Example (environment set by the agent):",
      "  spawn-chunks distribute --plan plan.json --transfer value NA12878.bams3"
    })
final class DistributeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "<dataset>", description = "The dataset that was planned.")
  private String dataset;

  @Option(names = "--plan", required = true, paramLabel = "FILE", description = "The plan.")
  private Path plan;

  @Option(
      names = "--transfer",
      defaultValue = "auto",
      description =
          "value: records travel over the channel; reference: callers read the dataset."
              + " Default: ${DEFAULT-VALUE}.")
  private Transfer transfer;

  @Option(names = "--trace", paramLabel = "FILE", description = "Writes what happened when.")
  private @Nullable Path trace;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan planned = Plan.read(plan);
    try (Dataset opened = Inputs.dataset(dataset);
        Trace steps = Inputs.trace(trace);
        Channel channel =
            Channel.open(Inputs.membership("distribute"), ChannelOptions.defaults())) {
      new DistributeMember(channel, planned, opened, transfer, steps).run();
    }
    return 0;
  }
}
