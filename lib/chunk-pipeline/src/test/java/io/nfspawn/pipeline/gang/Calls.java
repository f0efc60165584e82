package io.nfspawn.pipeline.gang;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Scratch;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Dataset, caller and merge joined without a channel: items in any order, one after the other. */
public final class Calls {
  private Calls() {}

  /** Plans and calls a dataset. */
  public static MergeReceipt call(Path data, Path fasta, PlanRequest request, Path vcf)
      throws IOException, InterruptedException {
    try (Scratch scratch = Scratch.open("test");
        Dataset dataset = Dataset.open(data);
        Reference reference = Reference.open(fasta, scratch)) {
      Plan plan = Planner.plan(dataset, reference, request);
      try (Caller caller = Callers.of(plan, reference, scratch)) {
        return merge(plan, dataset, caller, vcf);
      }
    }
  }

  private static MergeReceipt merge(Plan plan, Dataset dataset, Caller caller, Path vcf)
      throws IOException, InterruptedException {
    List<WorkItem> items = new ArrayList<>(plan.items());
    Collections.shuffle(items, new Random(1));
    BamHeader header =
        BamHeader.of(dataset.headerText().getBytes(StandardCharsets.UTF_8), dataset.contigs());
    ItemResult first = result(caller, caller.header(header, items.isEmpty()), List.of());
    try (ItemMerge merge = ItemMerge.open(plan, first, vcf)) {
      for (WorkItem item : items) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        dataset.writeBam(bytes, 1, item.padded());
        CalledItem called =
            caller.call(item, ItemRecords.readBam(ByteBuffer.wrap(bytes.toByteArray())));
        ItemResult result = result(caller, called.header() + called.body(), called.overDepth());
        merge.accept(item.id(), ItemResult.decode(result.encode()));
      }
      return merge.finish();
    }
  }

  private static ItemResult result(
      Caller caller, String vcf, List<io.nfspawn.bams3.Interval> overDepth) {
    return new ItemResult("test", 1, caller.version(), caller.command(), vcf, overDepth);
  }
}
