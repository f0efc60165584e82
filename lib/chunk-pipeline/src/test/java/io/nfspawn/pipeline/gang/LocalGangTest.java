package io.nfspawn.pipeline.gang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Na12878;
import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.Tool;
import io.nfspawn.pipeline.caller.Caller;
import io.nfspawn.pipeline.caller.CallerFailedException;
import io.nfspawn.pipeline.caller.Callers;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.plan.PlanRequest;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.reference.Reference;
import io.nfspawn.vcfmerge.MergeReceipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A whole gang over the channel against the sequential run. Every span with every number of
 * workers: the module {@code it}.
 */
@Tag("long")
class LocalGangTest {
  private static final PlanRequest REQUEST = PlanRequest.of("NA12878");

  @TempDir private Path directory;

  private Path vcf() {
    return directory.resolve("out").resolve("NA12878.vcf.gz");
  }

  private MergeReceipt run(
      String bamScript, PlanRequest request, int workers, Transfer transfer, Trace trace)
      throws Exception {
    Path bam = directory.resolve("reads.bam");
    Tool.stdout(bamScript.formatted(Na12878.bam()) + " > " + bam);
    Files.createDirectories(vcf().getParent());
    try (Scratch scratch = Scratch.open("test");
        Dataset dataset = Dataset.open(Samples.dataset(bam));
        Reference reference = Reference.open(Na12878.reference(), scratch)) {
      Plan plan = Planner.plan(dataset, reference, request);
      try (Caller caller = Callers.of(plan, reference, scratch)) {
        return new LocalGang(plan, dataset, caller, workers, transfer, trace).call(vcf(), scratch);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"4096, 1, AUTO", "16384, 5, REFERENCE", "1048576, 2, VALUE"})
  void shouldWriteTheSequentialBodyForEverySpanWorkersAndTransfer(
      int spanBp, int workers, Transfer transfer) throws Exception {
    MergeReceipt receipt = run("cat %s", REQUEST.withSpan(spanBp), workers, transfer, Trace.NONE);
    assertThat(receipt.totals().records()).isEqualTo(250);
    assertThat(Tool.body(Tool.stdout("zcat " + vcf())))
        .isEqualTo(
            Tool.body(
                Tool.stdout(
                    "bcftools mpileup -f %s %s | bcftools call -mv"
                        .formatted(Na12878.reference(), Na12878.bam()))));
  }

  @Test
  void shouldCallAndMergeWhileItemsAreStillHandedOut() throws Exception {
    List<String> steps = Collections.synchronizedList(new ArrayList<>());
    // 80 items: 64 wait at the distributor, 4 at the caller, so the last is handed out after
    // merges.
    run(
        "samtools view -b %s chr20:10000000-10040000",
        REQUEST.withSpan(500), 1, Transfer.VALUE, (step, item) -> steps.add(step.name()));
    int ended = steps.indexOf(Trace.Step.DISTRIBUTION_ENDED.name());
    assertThat(steps.indexOf(Trace.Step.CALL_STARTED.name())).isBetween(0, ended);
    assertThat(steps.indexOf(Trace.Step.MERGED.name())).isBetween(0, ended);
  }

  @Test
  void shouldPublishAValidEmptyVcfWhenThereAreNoItems() throws Exception {
    MergeReceipt receipt = run("samtools view -H -b %s", REQUEST, 2, Transfer.AUTO, Trace.NONE);
    assertThat(receipt.totals().merged()).isZero();
    assertThat(Tool.stdout("zgrep -c '^#CHROM' " + vcf())).isEqualTo("1\n");
    assertThat(vcf().resolveSibling("NA12878.vcf.gz.tbi")).exists();
  }

  @Test
  void shouldFailWithTheCallersWordsAndPublishNothingWhenOneItemFails() throws Exception {
    String failing =
        "[[ {region} != *:10004* ]] || { echo cannot call this >&2; exit 7; }; samtools view -c"
            + " {bam} > /dev/null; bcftools mpileup -f {reference} {bam} | bcftools call -mv";
    assertThatThrownBy(
            () ->
                run(
                    "samtools view -b %s chr20:10000000-10012000",
                    REQUEST.withSpan(1000).withCaller(failing, ""), 2, Transfer.AUTO, Trace.NONE))
        .isInstanceOf(CallerFailedException.class)
        .hasMessageMatching(
            "(?s)caller failed on work item 20:1000[0-9]+ \\(chr20:10004[0-9]+-[0-9]+\\): it exited"
                + " 7; its last lines:\n.*  cannot call this");
    assertThat(vcf().getParent()).isEmptyDirectory();
  }
}
