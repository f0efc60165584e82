package io.nfspawn.pipeline.gang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.pipeline.Samples;
import io.nfspawn.pipeline.Scratch;
import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.BamHeader;
import io.nfspawn.pipeline.bam.ItemRecords;
import io.nfspawn.pipeline.caller.CalledItem;
import io.nfspawn.pipeline.caller.Caller;
import io.nfspawn.pipeline.plan.Plan;
import io.nfspawn.pipeline.plan.PlanRequest;
import io.nfspawn.pipeline.plan.Planner;
import io.nfspawn.pipeline.reference.Reference;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.Encryption;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import io.nfspawn.transport.wire.Copies;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** From a dataset to callers' pipes over shared memory: how often our code copies a byte. */
@Timeout(120)
@Isolated("counts copies of the whole process")
class ItemCopiesTest {
  private static final int RECORDS = 20_000;
  private static final Duration WAIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  /** Feeds a pipe that swallows everything, and counts what went into it. */
  private static final class SwallowingCaller implements Caller {
    private final AtomicLong fedBytes = new AtomicLong();

    @Override
    public String version() {
      return "none";
    }

    @Override
    public String command() {
      return "none";
    }

    @Override
    public String header(BamHeader alignments, boolean needed) {
      return "#CHROM\n";
    }

    @Override
    public CalledItem call(WorkItem item, ItemRecords records) {
      try {
        records.writeBam(
            new OutputStream() {
              @Override
              public void write(int value) {
                fedBytes.incrementAndGet();
              }

              @Override
              public void write(byte[] bytes, int offset, int lengthBytes) {
                fedBytes.addAndGet(lengthBytes);
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new CalledItem("", "", 0, List.of());
    }

    @Override
    public void close() {}
  }

  private static Void pull(Channel channel) throws InterruptedException {
    try (Puller results = channel.puller(Gang.RESULTS, PullOptions.from(Set.of(1)))) {
      Optional<Delivery> next = results.take(WAIT);
      for (; next.isPresent(); next = results.take(WAIT)) {
        next.get().ack();
      }
      return null;
    }
  }

  private Dataset dataset() throws IOException {
    StringBuilder sam = new StringBuilder(Samples.header("a", "90000"));
    for (int i = 0; i < RECORDS; i++) {
      sam.append(Samples.record("r" + i, 0, "a", 1 + 4 * i));
    }
    return Dataset.open(Samples.dataset(directory, "reads.sam", sam.toString()));
  }

  @Test
  void shouldCopyOnceASideFromDatasetToCallersPipe() throws Exception {
    assumeTrue(Libfabric.probe().isAvailable(), Libfabric.probe().absence());
    SwallowingCaller caller = new SwallowingCaller();
    ChannelOptions options =
        ChannelOptions.defaults().withWire("fabric:shm").withEncryption(Encryption.OFF);
    ExecutorService threads = Executors.newCachedThreadPool();
    long before = Copies.bytes();
    try (Scratch scratch = Scratch.open("test");
        Dataset dataset = dataset();
        Reference reference = Reference.open(Samples.fasta(directory, "a", "90000"), scratch);
        LocalRendezvous rendezvous =
            new LocalRendezvous(
                "g", List.of("distribute", "call", "merge"), List.of("fabric:shm"), directory)) {
      Plan plan = Planner.plan(dataset, reference, PlanRequest.of("s").withSpan(16384));
      List<Membership> members = rendezvous.memberships();
      try (Channel distributing = Channel.open(members.get(0), options);
          Channel calling = Channel.open(members.get(1), options);
          Channel merging = Channel.open(members.get(2), options)) {
        Callable<Void> distribute =
            () -> {
              new DistributeMember(distributing, plan, dataset, Transfer.VALUE, Trace.NONE).run();
              return null;
            };
        Callable<Void> call =
            () -> {
              new CallMember(calling, plan, dataset, caller, Transfer.VALUE, Trace.NONE).run();
              return null;
            };
        List<Future<Void>> ends =
            List.of(
                threads.submit(distribute),
                threads.submit(call),
                threads.submit(() -> pull(merging)));
        for (Future<Void> end : ends) {
          end.get();
        }
        assertThat(distributing.buffers().inUseBytes()).as("given back").isZero();
      }
    } finally {
      threads.shutdownNow();
    }
    long fedBytes = caller.fedBytes.get();
    assertThat(fedBytes).as("items are long enough to travel apart").isGreaterThan(RECORDS * 100L);
    // Into the memory it is sent from, and into the blocks that the pipe gets.
    assertThat(Copies.bytes() - before).isBetween(fedBytes, 2 * fedBytes);
  }
}
