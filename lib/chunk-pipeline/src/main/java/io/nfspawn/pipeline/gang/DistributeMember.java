package io.nfspawn.pipeline.gang;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.SourceOptions;
import io.nfspawn.transport.WorkSource;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member that hands out work items in the order of the plan, and ends when each of them has
 * been acknowledged. Runs on the thread that calls {@link #run}.
 */
public final class DistributeMember {
  private static final Logger log = LoggerFactory.getLogger(DistributeMember.class);

  /** Stored, not deflated, when no network lies between; else the fastest level. */
  private static final int LEVEL_ONE_HOST = 0;

  private static final int LEVEL_NETWORK = 1;
  private static final Duration RETRY = Duration.ofMillis(20);

  private final Gang gang;
  private final Plan plan;
  private final Dataset dataset;
  private final Transfer transfer;
  private final Trace trace;

  /** The longest so far: an item that fits the place it is made in is not moved. */
  private int expectedBytes = 1 << 20;

  public DistributeMember(
      Channel channel, Plan plan, Dataset dataset, Transfer transfer, Trace trace) {
    this.gang = new Gang(channel);
    this.plan = plan;
    this.dataset = dataset;
    this.transfer = transfer;
    this.trace = trace;
    plan.requireDataset(dataset.place(), dataset.digest());
  }

  /**
   * Hands out everything and waits for the acknowledgements.
   *
   * @throws io.nfspawn.pipeline.PipelineException when a member of the gang is lost
   * @throws IOException when the dataset cannot be read
   */
  public void run() throws IOException, InterruptedException {
    long sentBytes = 0;
    try (WorkSource source =
        gang.channel().workSource(Gang.ITEMS, SourceOptions.to(gang.callers()))) {
      log.info(
          "distribute_started items={} callers={} transfer={}",
          plan.items().size(),
          gang.callers().size(),
          transfer);
      Progress progress = new Progress("distributed", plan.items().size());
      for (WorkItem item : plan.items()) {
        try (ItemPayload payload = payload(item)) {
          sentBytes += payload.lengthBytes();
          hand(source, item, payload);
        }
        trace.record(Trace.Step.SENT, item.id());
        progress.step();
      }
      trace.record(Trace.Step.DISTRIBUTION_ENDED, "-");
      log.info("distribution_ended items={} bytes={}", plan.items().size(), sentBytes);
      finish(source);
      log.info("distribute_done redelivered={}", source.redelivered());
    }
  }

  /** Nothing by reference; else a whole BAM stream, header and records. */
  private ItemPayload payload(WorkItem item) throws IOException {
    BufferPool pool = gang.channel().buffers();
    if (!transfer.byValue()) {
      return new ItemPayload(pool, 0);
    }
    ItemPayload payload = new ItemPayload(pool, expectedBytes);
    try {
      int level = gang.isOnOneHost() ? LEVEL_ONE_HOST : LEVEL_NETWORK;
      dataset.writeBam(payload.output(), level, item.padded());
    } catch (IOException | RuntimeException e) {
      payload.close();
      throw e;
    }
    expectedBytes = Math.max(expectedBytes, payload.lengthBytes());
    return payload;
  }

  private void hand(WorkSource source, WorkItem item, ItemPayload payload)
      throws InterruptedException {
    ItemKey key = ItemKey.of(item.id());
    while (payload.offerTo(source, key) == Offer.BACK_PRESSURE) {
      gang.requireWhole();
      Thread.sleep(RETRY.toMillis());
    }
  }

  private void finish(WorkSource source) throws InterruptedException {
    gang.requireWhole();
    while (true) {
      try {
        source.finish(Gang.GLANCE);
        // the others may have called what a lost member held; the round has failed all the same
        gang.requireWhole();
        return;
      } catch (ChannelTimeoutException e) {
        gang.requireWhole();
      }
    }
  }
}
