package io.nfspawn.pipeline.gang;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.caller.Caller;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Membership;
import io.nfspawn.vcfmerge.MergeReceipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole calling gang in this process: every member a thread, joined by the same channel as
 * members on different instances.
 *
 * @param dataset that was planned
 * @param caller shared by all calling members
 * @param workers calling members
 * @param transfer how they get the records
 */
public record LocalGang(
    Plan plan, Dataset dataset, Caller caller, int workers, Transfer transfer, Trace trace) {

  private static final Logger log = LoggerFactory.getLogger(LocalGang.class);
  private static final long STOP_SECONDS = 30;

  /** One member's work once its channel is open. */
  @FunctionalInterface
  private interface Part {
    @Nullable MergeReceipt run(Channel channel) throws IOException, InterruptedException;
  }

  /**
   * Calls everything and publishes the result.
   *
   * @param vcf final name; index and receipt lie beside it
   * @param scratch for the rendezvous
   * @throws PipelineException what the first member that failed said
   */
  public MergeReceipt call(Path vcf, Scratch scratch) throws IOException, InterruptedException {
    List<String> roles = new ArrayList<>(List.of("distribute"));
    for (int i = 0; i < workers; i++) {
      roles.add("call");
    }
    roles.add("merge");
    ExecutorService threads = Executors.newCachedThreadPool();
    try (LocalRendezvous rendezvous =
        new LocalRendezvous(plan.sample(), roles, List.of("zmq"), scratch.newDirectory())) {
      // A member's fault is noted before its channel closes, hence before its peers' complaints.
      Queue<Exception> faults = new ConcurrentLinkedQueue<>();
      CompletionService<@Nullable MergeReceipt> members = new ExecutorCompletionService<>(threads);
      for (Membership membership : rendezvous.memberships()) {
        members.submit(member(membership, vcf, faults));
      }
      return receipt(members, roles.size(), faults);
    } finally {
      threads.shutdownNow();
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        log.warn("members_still_stopping waited_s={}", STOP_SECONDS);
      }
    }
  }

  private Callable<@Nullable MergeReceipt> member(
      Membership membership, Path vcf, Queue<Exception> faults) {
    Part part =
        switch (membership.role()) {
          case "distribute" ->
              channel -> {
                new DistributeMember(channel, plan, dataset, transfer, trace).run();
                return null;
              };
          case "call" ->
              channel -> {
                new CallMember(channel, plan, dataset, caller, transfer, trace).run();
                return null;
              };
          default -> channel -> new MergeMember(channel, plan, vcf, trace).run();
        };
    return () -> {
      Thread.currentThread().setName(membership.role() + "-" + membership.rank());
      try (Channel channel = Channel.open(membership, ChannelOptions.defaults())) {
        try {
          return part.run(channel);
        } catch (IOException | InterruptedException | RuntimeException e) {
          faults.add(e);
          throw e;
        }
      }
    };
  }

  private static MergeReceipt receipt(
      CompletionService<@Nullable MergeReceipt> members, int count, Queue<Exception> faults)
      throws IOException, InterruptedException {
    MergeReceipt receipt = null;
    for (int i = 0; i < count; i++) {
      Future<@Nullable MergeReceipt> ended = members.take();
      try {
        MergeReceipt result = ended.get();
        receipt = result == null ? receipt : result;
      } catch (ExecutionException e) {
        Exception first = faults.peek();
        throw rethrown(first == null ? e.getCause() : first);
      }
    }
    if (receipt == null) {
      throw new IllegalStateException("merge ended without a receipt");
    }
    return receipt;
  }

  private static IOException rethrown(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException io ? io : new IOException("member was stopped", cause);
  }
}
