package io.nfspawn.pipeline.gang;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.BamHeader;
import io.nfspawn.pipeline.bam.ItemRecords;
import io.nfspawn.pipeline.caller.CalledItem;
import io.nfspawn.pipeline.caller.Caller;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.WorkConsumer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The member that calls work items and pushes their calls to the merge. An item is acknowledged
 * only when the merge has acknowledged its result: until then its caller may die without a loss.
 * Runs on the thread that calls {@link #run}; the next item travels while one is called.
 */
public final class CallMember {
  private static final Logger log = LoggerFactory.getLogger(CallMember.class);

  /** One that is called, one that is on its way, two whose results are. */
  private static final Credit CREDIT = new Credit(4, 128L << 20);

  private static final long RENEW_SECONDS = 60;

  private final Gang gang;
  private final Plan plan;
  private final Dataset dataset;
  private final Caller caller;
  private final Transfer transfer;
  private final Trace trace;
  private final Map<String, WorkItem> items = new HashMap<>();

  /** Results on their way; a failed one stays, to be told at the end. */
  private final List<CompletableFuture<Void>> unmerged = new ArrayList<>();

  /**
   * @param dataset read for items that come by reference, and for the header
   * @param caller not closed here
   */
  public CallMember(
      Channel channel, Plan plan, Dataset dataset, Caller caller, Transfer transfer, Trace trace) {
    this.gang = new Gang(channel);
    this.plan = plan;
    this.dataset = dataset;
    this.caller = caller;
    this.transfer = transfer;
    this.trace = trace;
    plan.requireDataset(dataset.place(), dataset.digest());
    plan.items().forEach(item -> items.put(item.id(), item));
  }

  /**
   * Calls items until there are no more.
   *
   * @throws io.nfspawn.pipeline.caller.CallerFailedException when the caller fails on an item
   * @throws PipelineException when a member of the gang is lost
   */
  public void run() throws IOException, InterruptedException {
    ScheduledExecutorService leases =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "renew-lease");
              thread.setDaemon(true);
              return thread;
            });
    try (WorkConsumer work = gang.channel().workConsumer(Gang.ITEMS, gang.distributor(), CREDIT);
        Pusher results = gang.channel().pusher(Gang.RESULTS, gang.merger())) {
      pushHeader(results);
      log.info("call_started caller=\"{}\" command=\"{}\"", caller.version(), caller.command());
      int called = 0;
      for (Optional<Delivery> next = take(work); next.isPresent(); next = take(work)) {
        Delivery delivery = next.get();
        ScheduledFuture<?> renewal =
            leases.scheduleAtFixedRate(
                delivery::renew, RENEW_SECONDS, RENEW_SECONDS, TimeUnit.SECONDS);
        try {
          push(results, delivery, call(delivery));
        } finally {
          renewal.cancel(false);
        }
        called++;
      }
      finish(results);
      log.info("call_done items={}", called);
    } finally {
      leases.shutdownNow();
    }
  }

  private void pushHeader(Pusher results) throws InterruptedException {
    BamHeader alignments =
        BamHeader.of(dataset.headerText().getBytes(StandardCharsets.UTF_8), dataset.contigs());
    String header = caller.header(alignments, plan.items().isEmpty());
    results.put(ItemKey.of(ItemResult.HEADER_KEY), headerOfAll(header).encode(), Gang.PATIENCE);
  }

  /** The same bytes from every caller, so that it does not matter whose is kept. */
  private ItemResult headerOfAll(String header) {
    return new ItemResult("", 1, caller.version(), caller.command(), header, List.of());
  }

  private ItemResult call(Delivery delivery) throws IOException, InterruptedException {
    String id = delivery.key().value();
    WorkItem item = items.get(id);
    if (item == null) {
      throw new PipelineException(
          "work item " + id + " is not in the plan; give every member of the gang the same plan");
    }
    trace.record(Trace.Step.CALL_STARTED, id);
    CalledItem called = caller.call(item, records(delivery, item));
    trace.record(Trace.Step.CALLED, id);
    return new ItemResult(
        gang.self(),
        delivery.attempt(),
        caller.version(),
        caller.command(),
        called.header() + called.body(),
        called.overDepth());
  }

  private ItemRecords records(Delivery delivery, WorkItem item) throws IOException {
    if (delivery.payload().hasRemaining()) {
      ItemRecords records = ItemRecords.readBam(delivery.payload());
      delivery.release();
      return records;
    }
    if (transfer == Transfer.VALUE) {
      throw new PipelineException(
          "work item "
              + item.id()
              + " came without records, but this caller was told --transfer value; give every"
              + " member of the gang the same --transfer");
    }
    ByteArrayOutputStream bam = new ByteArrayOutputStream(1 << 16);
    dataset.writeBam(bam, 0, item.padded());
    return ItemRecords.readBam(ByteBuffer.wrap(bam.toByteArray()));
  }

  private void push(Pusher results, Delivery delivery, ItemResult result)
      throws InterruptedException {
    unmerged.removeIf(sent -> sent.isDone() && !sent.isCompletedExceptionally());
    unmerged.add(
        results.push(delivery.key(), result.encode(), Gang.PATIENCE).thenRun(delivery::ack));
  }

  private Optional<Delivery> take(WorkConsumer work) throws InterruptedException {
    while (true) {
      gang.requireWhole();
      try {
        return work.take(Gang.GLANCE);
      } catch (ChannelTimeoutException e) {
        log.trace("waiting_for_work");
      }
    }
  }

  private void finish(Pusher results) throws InterruptedException {
    while (true) {
      gang.requireWhole();
      try {
        results.finish(Gang.GLANCE);
        unmerged.forEach(CompletableFuture::join);
        return;
      } catch (ChannelTimeoutException e) {
        log.trace("waiting_for_merge");
      }
    }
  }
}
