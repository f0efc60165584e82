package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Eight consumers with the options users get, one of them a process that is killed: what it had
 * comes to the others soon, and each item to the application once.
 */
@ExtendWith(LeakDetector.class)
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RedeliveryTest {
  private static final int CONSUMERS = 8;
  private static final int ITEMS = 100;
  private static final int ITEM_BYTES = 1 << 20;

  @TempDir Path directory;
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final Map<String, AtomicInteger> done = new ConcurrentHashMap<>();

  @AfterEach
  void stopPool() {
    pool.shutdownNow();
  }

  /** Takes what its credit allows and keeps it. */
  static final class Hoarder {
    public static void main(String[] args) throws Exception {
      try (Channel channel =
          Channel.open(Membership.fromEnvironment(), ChannelOptions.defaults().withWire(args[0]))) {
        WorkConsumer work = channel.workConsumer("items", 0, new Credit(4, 8L << 20));
        for (int i = 0; i < 4; i++) {
          assertThat(work.take(WAIT)).isPresent();
        }
        System.out.print("full");
        System.out.flush();
        work.take(WAIT);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zmq", "fabric:shm", "fabric:tcp"})
  void shouldHandOutAgainSoonWhenProcessIsKilled(String wire) throws Exception {
    assumeTrue(wire.equals("zmq") || Libfabric.probe().isAvailable(), Libfabric.probe().absence());
    Set<Integer> ranks = IntStream.rangeClosed(1, CONSUMERS).boxed().collect(Collectors.toSet());
    try (TestGang gang = new TestGang(directory, CONSUMERS + 1, 1)) {
      Channel source = open(gang, 0, wire);
      WorkSource work = source.workSource("items", SourceOptions.to(ranks));
      Process victim = TestProcess.start(gang, CONSUMERS, Hoarder.class, directory, wire);
      try {
        List<Future<?>> others = new ArrayList<>();
        ByteBuffer payload = ByteBuffer.allocate(ITEM_BYTES);
        for (int i = 0; i < ITEMS / 2; i++) {
          work.put(ItemKey.of("k" + i), payload.duplicate(), WAIT);
        }
        assertThat(victim.getInputStream().readNBytes(4)).asString().isEqualTo("full");
        for (int rank = 1; rank < CONSUMERS; rank++) {
          others.add(pool.submit(consumer(open(gang, rank, wire))));
        }
        for (int i = ITEMS / 2; i < ITEMS; i++) {
          work.put(ItemKey.of("k" + i), payload.duplicate(), WAIT);
        }
        await().atMost(WAIT).until(() -> done.size() == ITEMS - 4);
        long killed = System.nanoTime();
        victim.destroyForcibly();
        await().atMost(WAIT).pollInterval(Duration.ofMillis(5)).until(() -> done.size() == ITEMS);
        long millis = (System.nanoTime() - killed) / 1_000_000;
        System.out.println("redelivered after " + millis + " ms");
        work.finish(WAIT);
        for (Future<?> other : others) {
          other.get();
        }
        assertThat(work.redelivered()).isEqualTo(4);
        assertThat(done.values()).allSatisfy(times -> assertThat(times).hasValue(1));
        // How soon is what `bench/channel/run 5 crowd` measures: here, that it is no time-out.
        assertThat(millis).isLessThan(10_000);
      } finally {
        victim.destroyForcibly();
        await().atMost(WAIT).until(() -> !victim.isAlive());
      }
    }
  }

  private static Channel open(TestGang gang, int rank, String wire) {
    return gang.track(
        Channel.open(gang.membership(rank), ChannelOptions.defaults().withWire(wire)));
  }

  private Runnable consumer(Channel channel) {
    WorkConsumer work = channel.workConsumer("items", 0, new Credit(4, 8L << 20));
    return () -> {
      try {
        for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
          done.computeIfAbsent(d.get().key().value(), k -> new AtomicInteger()).incrementAndGet();
          d.get().ack();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }
}
