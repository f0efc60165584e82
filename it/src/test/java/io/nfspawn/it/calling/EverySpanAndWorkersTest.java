package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.convert.AlignmentInput;
import io.nfspawn.bams3.convert.Conversion;
import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.caller.Callers;
import io.nfspawn.pipeline.gang.LocalGang;
import io.nfspawn.pipeline.gang.Trace;
import io.nfspawn.pipeline.gang.Transfer;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.plan.PlanRequest;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.reference.Reference;
import io.nfspawn.vcfmerge.MergeReceipt;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The invariant of the calling gang on real data: the same body, byte for byte, for every span and
 * number of workers, with records by value and by reference.
 */
class EverySpanAndWorkersTest {
  /** How the records reach the callers, by number of workers: 1, 2 and 5. */
  private static final Map<Integer, Transfer> WORKERS =
      Map.of(1, Transfer.AUTO, 2, Transfer.VALUE, 5, Transfer.REFERENCE);

  @TempDir private static Path shared;

  private static Path data;
  private static Path fasta;
  private static String sequential;

  @BeforeAll
  static void convertAndCallInOnePiece() throws Exception {
    Path real = NextflowRun.sharedData("NA12878");
    assumeTrue(real != null, "skipped: no ../shared/data/NA12878 beside the source tree");
    fasta = real.resolve("hg19.chr20.part.fasta.gz");
    Path bam = real.resolve("NA12878.chr20.10mb.bam");
    data = shared.resolve("NA12878.bams3");
    new Conversion(AlignmentInput.file(bam, null), data, WriteOptions.DEFAULT, bytes -> {}).run();
    sequential =
        Shell.out(
            shared,
            "bcftools mpileup -f '%s' '%s' | bcftools call -mv | grep -v '^#'"
                .formatted(fasta, bam));
    assertThat(sequential).hasLineCount(250);
  }

  /**
   * Each span is called once: what bcftools says of an item depends on its records alone, so {@link
   * RememberingCaller} answers for the same records a second time. mpileup needs 0.09 s to start,
   * and 250 bases make 400 items.
   */
  @ParameterizedTest
  @ValueSource(ints = {250, 1000, 4 << 10, 16 << 10, 1 << 20})
  void shouldWriteTheSequentialBodyForEveryNumberOfWorkers(int spanBp) throws Exception {
    try (Scratch scratch = Scratch.open("test");
        Dataset dataset = Dataset.open(data);
        Reference reference = Reference.open(fasta, scratch)) {
      Plan plan = Planner.plan(dataset, reference, PlanRequest.of("NA12878").withSpan(spanBp));
      try (RememberingCaller caller = new RememberingCaller(Callers.of(plan, reference, scratch))) {
        for (Map.Entry<Integer, Transfer> workers : WORKERS.entrySet()) {
          Path vcf = shared.resolve("%d-%d.vcf.gz".formatted(spanBp, workers.getKey()));
          MergeReceipt receipt =
              new LocalGang(plan, dataset, caller, workers.getKey(), workers.getValue(), Trace.NONE)
                  .call(vcf, scratch);
          assertThat(Shell.out(shared, "bcftools view -H " + vcf))
              .as("span %d, %s workers", spanBp, workers)
              .isEqualTo(sequential);
          assertThat(receipt.totals().records()).isEqualTo(250);
        }
        assertThat(caller.called()).as("items called").isEqualTo(plan.items().size());
      }
    }
  }
}
