package io.nfspawn.pipeline.plan;

import io.nfspawn.pipeline.UsageException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks of a plan.
 *
 * @param sample name of the result
 * @param spanBp length of a core; empty = chosen for {@code workers}
 * @param padBp pad of every item; empty = chosen for each
 * @param regions BED file that limits the calling; null = everywhere
 * @param caller {@value Plan#BCFTOOLS} or a command template
 * @param callerArguments the user's words for the caller
 * @param workers callers that will share the work
 */
public record PlanRequest(
    String sample,
    OptionalInt spanBp,
    OptionalInt padBp,
    @Nullable Path regions,
    String caller,
    String callerArguments,
    int workers) {

  /** The shortest core: below it the caller's start costs more than all its calling. */
  public static final int MIN_SPAN_BP = 1;

  public PlanRequest {
    if (workers < 1) {
      throw new UsageException("--workers is " + workers + "; it must be at least 1");
    }
    if (sample.isBlank() || sample.chars().anyMatch(c -> c < ' ' || c == '/')) {
      throw new UsageException(
          "--sample is '" + sample + "'; it must be a name without / and control characters");
    }
  }

  public static PlanRequest of(String sample) {
    return new PlanRequest(
        sample, OptionalInt.empty(), OptionalInt.empty(), null, Plan.BCFTOOLS, "", 1);
  }

  public PlanRequest withSpan(int value) {
    return new PlanRequest(
        sample, OptionalInt.of(value), padBp, regions, caller, callerArguments, workers);
  }

  public PlanRequest withPad(int value) {
    return new PlanRequest(
        sample, spanBp, OptionalInt.of(value), regions, caller, callerArguments, workers);
  }

  public PlanRequest withRegions(Path value) {
    return new PlanRequest(sample, spanBp, padBp, value, caller, callerArguments, workers);
  }

  public PlanRequest withCaller(String value, String arguments) {
    return new PlanRequest(sample, spanBp, padBp, regions, value, arguments, workers);
  }

  public PlanRequest withWorkers(int value) {
    return new PlanRequest(sample, spanBp, padBp, regions, caller, callerArguments, value);
  }
}
