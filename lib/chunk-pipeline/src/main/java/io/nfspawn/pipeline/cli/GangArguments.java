package io.nfspawn.pipeline.cli;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.pipeline.gang.Transfer;
import io.nfspawn.pipeline.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What every command that handles work items is told: the dataset, its plan, how records travel.
 */
final class GangArguments {
  @Parameters(paramLabel = "<dataset>", description = "The dataset that was planned.")
  private String dataset;

  @Option(names = "--plan", required = true, paramLabel = "FILE", description = "The plan.")
  private Path plan;

  @Option(
      names = "--transfer",
      defaultValue = "auto",
      description =
          "value: records travel over the channel; reference: callers read the dataset."
              + " Callers take items of either kind. Default: ${DEFAULT-VALUE}.")
  private Transfer transfer;

  @Option(names = "--trace", paramLabel = "FILE", description = "Writes what happened when.")
  private @Nullable Path trace;

  Plan plan() throws IOException {
    return Plan.read(plan);
  }

  Dataset dataset() throws IOException {
    return Inputs.dataset(dataset);
  }

  Transfer transfer() {
    return transfer;
  }

  Trace trace() throws IOException {
    return Inputs.trace(trace);
  }
}
