package io.nfspawn.pipeline.gang;

import io.nfspawn.pipeline.Latin1;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.vcfmerge.CallerInfo;
import io.nfspawn.vcfmerge.ChunkId;
import io.nfspawn.vcfmerge.ChunkResult;
import io.nfspawn.vcfmerge.Contig;
import io.nfspawn.vcfmerge.ExpectedChunk;
import io.nfspawn.vcfmerge.Interval;
import io.nfspawn.vcfmerge.MergePlan;
import io.nfspawn.vcfmerge.MergeReceipt;
import io.nfspawn.vcfmerge.MergeRequest;
import io.nfspawn.vcfmerge.MergeTarget;
import io.nfspawn.vcfmerge.OrderedMerge;
import io.nfspawn.vcfmerge.VcfSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The results of a plan's items on their way into the ordered merge. Owned by one thread. */
final class ItemMerge implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ItemMerge.class);

  private final Plan plan;
  private final String header;
  private final OrderedMerge merge;
  private boolean overDepthTold;

  private ItemMerge(Plan plan, String header, OrderedMerge merge) {
    this.plan = plan;
    this.header = header;
    this.merge = merge;
  }

  /**
   * @param header the result that brings the header of all items, which may be empty
   * @param vcf final name; index and receipt lie beside it
   */
  static ItemMerge open(Plan plan, ItemResult header, Path vcf) throws IOException {
    List<Contig> contigs =
        plan.contigs().stream().map(c -> new Contig(c.name(), c.lengthBp())).toList();
    List<ExpectedChunk> chunks = plan.items().stream().map(item -> expected(plan, item)).toList();
    MergeRequest request =
        MergeRequest.of(
                plan.sample(),
                MergeTarget.beside(vcf),
                new MergePlan(plan.digest(), plan.sample(), contigs, chunks))
            .withCaller(CallerInfo.of(header.callerVersion(), header.callerCommand()));
    if (!header.vcf().isEmpty()) {
      request = request.withHeader(VcfSource.of("header", Latin1.bytes(header.vcf())));
    }
    return new ItemMerge(plan, header.vcf(), OrderedMerge.open(request));
  }

  private static ExpectedChunk expected(Plan plan, WorkItem item) {
    return new ExpectedChunk(new ChunkId(item.id()), interval(plan, item.core()));
  }

  private static Interval interval(Plan plan, io.nfspawn.bams3.Interval interval) {
    String contig = plan.contigs().get(interval.contigIndex()).name();
    return new Interval(contig, interval.start0(), interval.end0());
  }

  /** Takes one result; when it returns, the item may be acknowledged. */
  void accept(String itemId, ItemResult result) throws IOException {
    if (!result.overDepth().isEmpty() && !overDepthTold) {
      overDepthTold = true;
      log.warn(
          "over_depth first_item={} consequence=\"more reads than the caller keeps: calls there may"
              + " differ from a sequential run; the receipt lists the intervals\"",
          itemId);
    }
    String text = result.vcf().startsWith("#") ? result.vcf() : header + result.vcf();
    merge.accept(
        new ChunkResult(
            new ChunkId(itemId),
            VcfSource.of(itemId, Latin1.bytes(text)),
            result.worker(),
            result.attempt(),
            result.overDepth().stream().map(i -> interval(plan, i)).toList()));
  }

  /** Publishes VCF, index and receipt. */
  MergeReceipt finish() throws IOException {
    return merge.finish();
  }

  @Override
  public void close() throws IOException {
    merge.close();
  }
}
