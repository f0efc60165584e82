package io.nfspawn.pipeline.cli;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.plan.PlanRequest;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.plan.SpanText;
import io.nfspawn.pipeline.reference.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Cuts a dataset into work items and checks everything that can be checked first.",
    footer = {
      "",
      "Examples:",
      "  spawn-chunks plan NA12878.bams3 --reference hg19.fa -o plan.json",
      "  spawn-chunks plan NA12878.bams3 --reference hg19.fa --chunk-span 16K --regions exome.bed \\",
      "      --caller-args='-q 20 -- --ploidy 1' -o plan.json",
      "  spawn-chunks plan NA12878.bams3 --reference hg19.fa \\",
      "      --caller 'freebayes -f {reference} -r {region} {bam}' -o plan.json",
      "",
      "Lengths are in bases; K, M and G are 1024-based. Options of bcftools mpileup come before --,",
      "those of bcftools call after it; call gets -mv unless they choose a model (-m or -c)."
    })
final class PlanCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(PlanCommand.class);

  @Parameters(paramLabel = "<dataset>", description = "BAMS3 dataset: a directory.")
  private String dataset;

  @Option(
      names = "--reference",
      required = true,
      paramLabel = "FA",
      description = "Reference genome, FASTA or bgzip; its index is made when there is none.")
  private Path reference;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The plan, JSON.")
  private Path output;

  @Option(
      names = "--chunk-span",
      defaultValue = "auto",
      paramLabel = "S",
      description =
          "Bases of one work item; auto: at least 8 items a worker, 64K to 1M."
              + " Default: ${DEFAULT-VALUE}.")
  private String chunkSpan;

  @Option(
      names = "--chunk-pad",
      defaultValue = "auto",
      paramLabel = "P",
      description =
          "Bases that the caller also sees on both sides of an item; auto: twice the longest record"
              + " nearby, at least 500. Default: ${DEFAULT-VALUE}.")
  private String chunkPad;

  @Option(names = "--regions", paramLabel = "BED", description = "Call only in these intervals.")
  private @Nullable Path regions;

  @Option(
      names = "--sample",
      paramLabel = "NAME",
      description = "Name of the result. Default: name of the dataset without .bams3.")
  private @Nullable String sample;

  @Option(
      names = "--caller",
      defaultValue = "bcftools",
      paramLabel = "T",
      description =
          "bcftools, or a command with {reference}, {region} and {bam} that prints VCF."
              + " Default: ${DEFAULT-VALUE}.")
  private String caller;

  @Option(
      names = "--caller-args",
      defaultValue = "",
      paramLabel = "A",
      description = "Further words for the caller.")
  private String callerArguments;

  @Option(
      names = "--workers",
      defaultValue = "2",
      paramLabel = "N",
      description = "Callers that will share the work. Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Override
  public Integer call() throws IOException {
    PlanRequest request =
        new PlanRequest(
            sample == null ? sampleOf(dataset) : sample,
            SpanText.parse("--chunk-span", chunkSpan, PlanRequest.MIN_SPAN_BP),
            SpanText.parse("--chunk-pad", chunkPad, 0),
            regions,
            caller,
            callerArguments,
            workers);
    try (Dataset opened = Inputs.dataset(dataset);
        Scratch scratch = Scratch.open("plan");
        Reference genome = Reference.open(reference, scratch)) {
      Plan plan = Planner.plan(opened, genome, request);
      plan.write(output);
      log.info(
          "plan_done items={} span_bp={} pad={} digest={}",
          plan.items().size(),
          plan.calling().spanBp(),
          plan.calling().pad(),
          plan.digest());
    }
    return 0;
  }

  private static String sampleOf(String dataset) {
    String name = dataset.replaceFirst("/+$", "").replaceFirst("^.*/", "");
    return name.replaceFirst("\\.bams3$", "");
  }
}
