package io.nfspawn.pipeline.gang;

import io.nfspawn.pipeline.Latin1;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member that writes calls in dictionary order as they arrive and publishes VCF, index and
 * receipt once every planned item is there. Runs on the thread that calls {@link #run}.
 */
public final class MergeMember {
  private static final Logger log = LoggerFactory.getLogger(MergeMember.class);

  private final Gang gang;
  private final Plan plan;
  private final Path vcf;
  private final Trace trace;

  /**
   * @param vcf final name of the result; index and receipt lie beside it
   */
  public MergeMember(Channel channel, Plan plan, Path vcf, Trace trace) {
    this.gang = new Gang(channel);
    this.plan = plan;
    this.vcf = vcf;
    this.trace = trace;
  }

  /**
   * Merges until every caller has ended.
   *
   * @throws io.nfspawn.vcfmerge.VcfMergeException when the result would be incomplete or unsound
   * @throws PipelineException when a member of the gang is lost
   */
  public MergeReceipt run() throws IOException, InterruptedException {
    try (Puller results = gang.channel().puller(Gang.RESULTS, PullOptions.from(gang.callers()))) {
      log.info("merge_started items={} callers={}", plan.items().size(), gang.callers().size());
      Delivery first =
          take(results)
              .orElseThrow(
                  () ->
                      new PipelineException(
                          "every caller ended without a result; their logs say why"));
      ItemResult header = ItemResult.decode(first.payload());
      if (!first.key().value().equals(ItemResult.HEADER_KEY)) {
        throw new PipelineException(
            "caller "
                + first.senderRank()
                + " did not send the VCF header first; run every member with the same release");
      }
      first.ack();
      try (OrderedMerge merge = OrderedMerge.open(request(header))) {
        return merge(results, header, merge);
      }
    }
  }

  private MergeReceipt merge(Puller results, ItemResult header, OrderedMerge merge)
      throws IOException, InterruptedException {
    Progress progress = new Progress("merged", plan.items().size());
    boolean overDepthTold = false;
    for (Optional<Delivery> next = take(results); next.isPresent(); next = take(results)) {
      Delivery delivery = next.get();
      ItemResult result = ItemResult.decode(delivery.payload());
      if (!result.overDepth().isEmpty() && !overDepthTold) {
        overDepthTold = true;
        log.warn(
            "over_depth first_item={} consequence=\"more reads than the caller keeps: calls there"
                + " may differ from a sequential run; the receipt lists the intervals\"",
            delivery.key());
      }
      String text = result.vcf().startsWith("#") ? result.vcf() : header.vcf() + result.vcf();
      merge.accept(
          new ChunkResult(
              new ChunkId(delivery.key().value()),
              VcfSource.of(delivery.key().value(), Latin1.bytes(text)),
              result.worker(),
              Math.max(1, delivery.attempt()),
              overDepth(result)));
      trace.record(Trace.Step.MERGED, delivery.key().value());
      delivery.ack();
      progress.step();
    }
    MergeReceipt receipt = merge.finish();
    log.info(
        "merge_done vcf={} chunks={} records={}",
        vcf,
        receipt.totals().merged(),
        receipt.totals().records());
    return receipt;
  }

  private List<Interval> overDepth(ItemResult result) {
    return result.overDepth().stream()
        .map(i -> new Interval(contigName(i.contigIndex()), i.start0(), i.end0()))
        .toList();
  }

  private MergeRequest request(ItemResult header) {
    List<Contig> contigs =
        plan.contigs().stream().map(c -> new Contig(c.name(), c.lengthBp())).toList();
    List<ExpectedChunk> chunks = plan.items().stream().map(this::expected).toList();
    MergeRequest request =
        MergeRequest.of(
                plan.sample(),
                MergeTarget.beside(vcf),
                new MergePlan(plan.digest(), plan.sample(), contigs, chunks))
            .withCaller(CallerInfo.of(header.callerVersion(), header.callerCommand()));
    return header.vcf().isEmpty()
        ? request
        : request.withHeader(VcfSource.of("header", Latin1.bytes(header.vcf())));
  }

  private ExpectedChunk expected(WorkItem item) {
    return new ExpectedChunk(
        new ChunkId(item.id()),
        new Interval(contigName(item.contigIndex()), item.core().start0(), item.core().end0()));
  }

  private String contigName(int index) {
    return plan.contigs().get(index).name();
  }

  private Optional<Delivery> take(Puller results) throws InterruptedException {
    while (true) {
      gang.requireWhole();
      try {
        return results.take(Gang.GLANCE);
      } catch (ChannelTimeoutException e) {
        log.trace("waiting_for_results");
      }
    }
  }
}
