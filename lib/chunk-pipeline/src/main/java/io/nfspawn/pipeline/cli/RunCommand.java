package io.nfspawn.pipeline.cli;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.UsageException;
import io.nfspawn.pipeline.caller.Caller;
import io.nfspawn.pipeline.caller.Callers;
import io.nfspawn.pipeline.gang.LocalGang;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.pipeline.gang.Transfer;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.reference.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the whole gang of a plan in this process, without agents.",
    footer = {
      "",
      "Example:",
      "  spawn-chunks run NA12878.bams3 --plan plan.json --reference hg19.fa -o NA12878.vcf.gz"
    })
final class RunCommand implements Callable<Integer> {
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
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The VCF. Default: <sample>.vcf.gz.")
  private @Nullable Path output;

  @Option(
      names = "--workers",
      defaultValue = "2",
      paramLabel = "N",
      description = "Calling members. Default: ${DEFAULT-VALUE}.")
  private int workers;

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
    if (workers < 1) {
      throw new UsageException("--workers is " + workers + "; it must be at least 1");
    }
    Plan planned = Plan.read(plan);
    Path vcf = output == null ? Path.of(planned.sample() + ".vcf.gz") : output;
    try (Dataset opened = Inputs.dataset(dataset);
        Scratch scratch = Scratch.open("run");
        Reference genome = Reference.open(reference, scratch)) {
      planned.requireReference(Planner.reference(genome));
      try (Caller caller = Callers.of(planned, genome, scratch);
          Trace steps = Inputs.trace(trace)) {
        new LocalGang(planned, opened, caller, workers, transfer, steps).call(vcf, scratch);
      }
    }
    return 0;
  }
}
