package io.nfspawn.pipeline.gang;

import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.vcfmerge.MergeReceipt;
import java.io.IOException;
import java.nio.file.Path;
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
      try (ItemMerge merge = ItemMerge.open(plan, header, vcf)) {
        return merge(results, merge);
      }
    }
  }

  private MergeReceipt merge(Puller results, ItemMerge merge)
      throws IOException, InterruptedException {
    Progress progress = new Progress("merged", plan.items().size());
    for (Optional<Delivery> next = take(results); next.isPresent(); next = take(results)) {
      Delivery delivery = next.get();
      String id = delivery.key().value();
      merge.accept(id, ItemResult.decode(delivery.payload()));
      trace.record(Trace.Step.MERGED, id);
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
