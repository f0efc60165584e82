package io.nfspawn.pipeline.gang;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Na12878;
import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.Tool;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.BamHeader;
import io.nfspawn.pipeline.bam.ItemRecords;
import io.nfspawn.pipeline.caller.CalledItem;
import io.nfspawn.pipeline.caller.Caller;
import io.nfspawn.pipeline.caller.Callers;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.plan.PlanRequest;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.reference.Reference;
import io.nfspawn.vcfmerge.MergeReceipt;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dataset, caller and merge joined without a channel. */
class ItemMergeTest {
  @TempDir private Path directory;

  @Test
  void shouldWriteTheSequentialBodyWhenResultsArriveInAnyOrder() throws Exception {
    Path bam = directory.resolve("reads.bam");
    Tool.stdout("ln -s %s %s".formatted(Na12878.bam(), bam));
    Path vcf = directory.resolve("NA12878.vcf.gz");
    try (Scratch scratch = Scratch.open("test");
        Dataset dataset = Dataset.open(Samples.dataset(bam));
        Reference reference = Reference.open(Na12878.reference(), scratch)) {
      Plan plan = Planner.plan(dataset, reference, PlanRequest.of("NA12878").withSpan(16 << 10));
      MergeReceipt receipt = merge(plan, dataset, reference, scratch, vcf);
      assertThat(receipt.totals().records()).isEqualTo(250);
      assertThat(receipt.planDigest()).isEqualTo(plan.digest());
      assertThat(receipt.overDepth()).isEmpty();
    }
    assertThat(Tool.body(Tool.stdout("bcftools view " + vcf)))
        .isEqualTo(
            Tool.body(
                Tool.stdout(
                    "bcftools mpileup -f %s %s | bcftools call -mv"
                        .formatted(Na12878.reference(), bam))));
    assertThat(Tool.stdout("bcftools index --stats " + vcf)).isEqualTo("chr20\t63025520\t250\n");
    assertThat(Tool.stdout("bcftools query -l " + vcf)).isEqualTo("NA12878\n");
    assertThat(Tool.stdout("bcftools view -h " + vcf)).contains("bcftools mpileup -f hg19");
  }

  private static MergeReceipt merge(
      Plan plan, Dataset dataset, Reference reference, Scratch scratch, Path vcf) throws Exception {
    List<WorkItem> items = new ArrayList<>(plan.items());
    Collections.shuffle(items, new Random(1));
    BamHeader header =
        BamHeader.of(dataset.headerText().getBytes(StandardCharsets.UTF_8), dataset.contigs());
    try (Caller caller = Callers.of(plan, reference, scratch);
        ItemMerge merge = ItemMerge.open(plan, result(caller, caller.header(header, false)), vcf)) {
      for (WorkItem item : items) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        dataset.writeBam(bytes, 1, item.padded());
        CalledItem called = caller.call(item, ItemRecords.readBam(bytes.toByteArray()));
        ItemResult result = result(caller, called.header() + called.body());
        merge.accept(item.id(), 1, ItemResult.decode(result.encode()));
      }
      return merge.finish();
    }
  }

  private static ItemResult result(Caller caller, String vcf) {
    return new ItemResult("test", caller.version(), caller.command(), vcf, List.of());
  }
}
