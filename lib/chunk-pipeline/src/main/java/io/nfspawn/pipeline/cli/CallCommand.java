package io.nfspawn.pipeline.cli;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.caller.Caller;
import io.nfspawn.pipeline.caller.Callers;
import io.nfspawn.pipeline.gang.CallMember;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.pipeline.gang.Transfer;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.reference.Reference;
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
    name = "call",
    mixinStandardHelpOptions = true,
    description = "Member of a gang: runs the caller on work items and sends the calls to merge.",
    footer = {
      "",
      "Example (environment set by the agent):",
      "  spawn-chunks call --plan plan.json --reference hg19.fa NA12878.bams3"
    })
final class CallCommand implements Callable<Integer> {
  @Parameters(paramLabel = "<dataset>", description = "The dataset that was planned.")
  private String dataset;

  @Option(names = "--plan", required = true, paramLabel = "FILE", description = "The plan.")
  private Path plan;

  @Option(
      names = "--reference",
      required = true,
      paramLabel = "FA",
      description = "The reference that was planned.")
  private Path reference;

  @Option(
      names = "--transfer",
      defaultValue = "auto",
      description = "As given to distribute; a caller takes items of either kind.")
  private Transfer transfer;

  @Option(names = "--trace", paramLabel = "FILE", description = "Writes what happened when.")
  private @Nullable Path trace;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan planned = Plan.read(plan);
    try (Dataset opened = Inputs.dataset(dataset);
        Scratch scratch = Scratch.open("call");
        Reference genome = Reference.open(reference, scratch)) {
      planned.requireReference(Planner.reference(genome));
      try (Caller caller = Callers.of(planned, genome, scratch);
          Trace steps = Inputs.trace(trace);
          Channel channel = Channel.open(Inputs.membership("call"), ChannelOptions.defaults())) {
        new CallMember(channel, planned, opened, caller, transfer, steps).run();
      }
    }
    return 0;
  }
}
