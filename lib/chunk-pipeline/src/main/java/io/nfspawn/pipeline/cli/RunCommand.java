package io.nfspawn.pipeline.cli;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.UsageException;
import io.nfspawn.pipeline.caller.Caller;
import io.nfspawn.pipeline.caller.Callers;
import io.nfspawn.pipeline.gang.LocalGang;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.reference.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
  @Mixin private GangArguments gang;

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

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (workers < 1) {
      throw new UsageException("--workers is " + workers + "; it must be at least 1");
    }
    Plan planned = gang.plan();
    Path vcf = output == null ? Path.of(planned.sample() + ".vcf.gz") : output;
    try (Dataset opened = gang.dataset();
        Scratch scratch = Scratch.open("run");
        Reference genome = Reference.open(reference, scratch)) {
      planned.requireReference(Planner.reference(genome));
      try (Caller caller = Callers.of(planned, genome, scratch);
          Trace steps = gang.trace()) {
        new LocalGang(planned, opened, caller, workers, gang.transfer(), steps).call(vcf, scratch);
      }
    }
    return 0;
  }
}
