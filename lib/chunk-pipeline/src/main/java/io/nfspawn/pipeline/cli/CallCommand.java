package io.nfspawn.pipeline.cli;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.caller.Caller;
import io.nfspawn.pipeline.caller.Callers;
import io.nfspawn.pipeline.gang.CallMember;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.reference.Reference;
import io.nfspawn.transport.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
  @Mixin private GangArguments gang;

  @Option(
      names = "--reference",
      required = true,
      paramLabel = "FA",
      description = "The reference that was planned.")
  private Path reference;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan planned = gang.plan();
    try (Dataset opened = gang.dataset();
        Scratch scratch = Scratch.open("call");
        Reference genome = Reference.open(reference, scratch)) {
      planned.requireReference(Planner.reference(genome));
      try (Caller caller = Callers.of(planned, genome, scratch);
          Trace steps = gang.trace();
          Channel channel = Inputs.channel("call")) {
        new CallMember(channel, planned, opened, caller, gang.transfer(), steps).run();
      }
    }
    return 0;
  }
}
