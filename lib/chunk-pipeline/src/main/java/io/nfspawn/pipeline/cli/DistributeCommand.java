package io.nfspawn.pipeline.cli;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.gang.DistributeMember;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.transport.Channel;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
  @Mixin private GangArguments gang;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan planned = gang.plan();
    try (Dataset opened = gang.dataset();
        Trace steps = gang.trace();
        Channel channel = Inputs.channel("distribute")) {
      new DistributeMember(channel, planned, opened, gang.transfer(), steps).run();
    }
    return 0;
  }
}
