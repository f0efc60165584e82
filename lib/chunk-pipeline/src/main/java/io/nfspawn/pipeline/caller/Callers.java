package io.nfspawn.pipeline.caller;

import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.reference.Reference;

/** The callers there are: the one that is built in, and any other by its command template. */
public final class Callers {
  private Callers() {}

  /**
   * Checks a caller and its arguments without running it.
   *
   * @throws PipelineException saying what to write instead
   */
  public static void check(String caller, String arguments) {
    if (caller.equals(Plan.BCFTOOLS)) {
      CallerArguments.parse(arguments);
    } else {
      CallerTemplate.parse(caller, arguments);
    }
  }

  /**
   * Makes the caller of a plan; the program must be installed here.
   *
   * @param scratch for files of each item; not closed by the caller
   * @throws PipelineException when the program is not installed
   */
  public static Caller of(Plan plan, Reference reference, Scratch scratch)
      throws InterruptedException {
    Plan.Calling calling = plan.calling();
    ResultNames names = new ResultNames(plan.sample(), plan.reference().path());
    if (calling.caller().equals(Plan.BCFTOOLS)) {
      CallerArguments arguments = CallerArguments.parse(calling.arguments());
      return new BcftoolsCaller(reference, arguments, names, scratch);
    }
    CallerTemplate template = CallerTemplate.parse(calling.caller(), calling.arguments());
    return new TemplateCaller(reference, template, names, scratch);
  }
}
