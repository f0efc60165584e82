package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What every wire must do, whatever it is made of. One small subclass a wire runs it. */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class ChannelContract {
  static final ChannelOptions FAST =
      ChannelOptions.defaults()
          .withLiveness(Duration.ofMillis(50), Duration.ofMillis(3000), Duration.ofMillis(300));

  @TempDir Path directory;
  final ExecutorService pool = Executors.newCachedThreadPool();

  /** A channel of this rank over the wire under test. */
  abstract Channel open(TestGang gang, int rank, ChannelOptions options);

  /** Ends a channel as a kill -9 would: no goodbye, nothing flushed. */
  abstract void kill(Channel channel);

  @AfterEach
  void stopPool() {
    pool.shutdownNow();
  }

  private Channel open(TestGang gang, int rank) {
    return gang.track(open(gang, rank, FAST));
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(Delivery delivery) {
    return StandardCharsets.UTF_8.decode(delivery.payload()).toString();
  }

  private <T> Future<T> background(Callable<T> task) {
    return pool.submit(task);
  }

  @Test
  void shouldHandOutInOrderAndEndWhenEveryItemIsAcknowledged() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      Channel source = open(gang, 0);
      Channel worker = open(gang, 1);
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer = worker.workConsumer("items", 0, new Credit(3, 1 << 20));
      Future<List<String>> taken =
          background(
              () -> {
                List<String> texts = new ArrayList<>();
                for (Optional<Delivery> d = consumer.take(WAIT);
                    d.isPresent();
                    d = consumer.take(WAIT)) {
                  texts.add(d.get().key() + "=" + text(d.get()));
                  d.get().ack();
                }
                return texts;
              });
      List<String> offered = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        work.put(ItemKey.of("k" + i), bytes("item " + i), WAIT);
        offered.add("k" + i + "=item " + i);
      }
      work.finish(WAIT);
      assertThat(taken.get()).isEqualTo(offered);
      assertThat(work.unacknowledged()).isZero();
      assertThat(work.redelivered()).isZero();
      assertThat(consumer.isFinished()).isTrue();
    }
  }

  @Test
  void shouldDeliverPayloadsOfEverySize() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 2)) {
      Channel source = open(gang, 0);
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer = open(gang, 1).workConsumer("items", 0, new Credit(2, 100L << 20));
      Random random = new Random(2);
      for (int length : List.of(0, 1, 4095, 4096, (1 << 20) - 40, 1 << 20, 5_000_001, 40 << 20)) {
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        ByteBuffer given =
            length % 2 == 0
                ? ByteBuffer.wrap(payload)
                : ByteBuffer.allocateDirect(length).put(payload).flip();
        work.put(ItemKey.of("size-" + length), given, WAIT);
        Delivery delivery = consumer.take(WAIT).orElseThrow();
        byte[] received = new byte[delivery.payload().remaining()];
        delivery.payload().get(received);
        assertThat(Arrays.equals(received, payload)).as("payload of %d bytes", length).isTrue();
        delivery.ack();
      }
      work.finish(WAIT);
    }
  }

  @Test
  void shouldSayBackPressureWhenNobodyTakesAndServeTheOthers() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 3)) {
      WorkSource work =
          open(gang, 0)
              .workSource(
                  "items", SourceOptions.to(Set.of(1, 2)).withQueue(new Credit(5, 1 << 20)));
      WorkConsumer idle = open(gang, 1).workConsumer("items", 0, new Credit(2, 1 << 20));
      WorkConsumer busy = open(gang, 2).workConsumer("items", 0, new Credit(2, 1 << 20));
      Future<Integer> taken =
          background(
              () -> {
                int count = 0;
                while (count < 96) {
                  busy.take(WAIT).orElseThrow().ack();
                  count++;
                }
                return count;
              });
      Delivery kept = null;
      for (int i = 0; i < 98; i++) {
        work.put(ItemKey.of("k" + i), ByteBuffer.allocate(1000), WAIT);
        kept = kept == null && i > 10 ? idle.poll() : kept;
      }
      assertThat(taken.get()).isEqualTo(96);
      // What the idle one holds is all that is left, and it is bounded by its credit.
      await().atMost(WAIT).untilAsserted(() -> assertThat(work.unacknowledged()).isEqualTo(2));
      for (int i = 0; i < 2; i++) {
        work.offer(ItemKey.of("more" + i), ByteBuffer.allocate(1000));
        busy.take(WAIT);
      }
      Offer last = Offer.ACCEPTED;
      for (int i = 0; i < 6; i++) {
        last = work.offer(ItemKey.of("last" + i), ByteBuffer.allocate(1000));
      }
      assertThat(last).isEqualTo(Offer.BACK_PRESSURE);
      assertThat(work.offer(ItemKey.of("k1"), bytes(""))).isEqualTo(Offer.DUPLICATE);
    }
  }

  @Test
  void shouldHandOutAgainWhenConsumerIsKilled() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 4)) {
      Channel source = open(gang, 0);
      List<ChannelEvent> events = new CopyOnWriteArrayList<>();
      source.onEvent(events::add);
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1, 2)));
      Channel doomed = open(gang, 1);
      WorkConsumer victim = doomed.workConsumer("items", 0, new Credit(4, 1 << 20));
      for (int i = 0; i < 4; i++) {
        work.put(ItemKey.of("k" + i), bytes("v" + i), WAIT);
      }
      for (int i = 0; i < 4; i++) {
        assertThat(victim.take(WAIT)).isPresent();
      }
      kill(doomed);
      WorkConsumer heir = open(gang, 2).workConsumer("items", 0, new Credit(4, 1 << 20));
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Delivery delivery = heir.take(WAIT).orElseThrow();
        keys.add(delivery.key().value());
        assertThat(delivery.attempt()).isEqualTo(2);
        delivery.ack();
      }
      assertThat(keys).containsExactly("k0", "k1", "k2", "k3");
      work.finish(WAIT);
      assertThat(work.redelivered()).isEqualTo(4);
      assertThat(events).anyMatch(e -> e instanceof ChannelEvent.PeerLost lost && lost.rank() == 1);
    }
  }

  @Test
  void shouldHandOutAgainWhenLeaseEndsAndTakeOnlyOneAcknowledgement() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 5)) {
      WorkSource work =
          open(gang, 0)
              .workSource(
                  "items", SourceOptions.to(Set.of(1, 2)).withLease(Duration.ofMillis(200)));
      WorkConsumer slow = open(gang, 1).workConsumer("items", 0, Credit.DEFAULT);
      work.put(ItemKey.of("only"), bytes("x"), WAIT);
      Delivery first = slow.take(WAIT).orElseThrow();
      WorkConsumer quick = open(gang, 2).workConsumer("items", 0, Credit.DEFAULT);
      Delivery second = quick.take(WAIT).orElseThrow();
      // Where the second consumer is long in coming, the lease ends more than once.
      assertThat(second.attempt()).isGreaterThanOrEqualTo(2);
      second.ack();
      first.ack();
      work.finish(WAIT);
      assertThat(leftFor(slow) + leftFor(quick)).isLessThanOrEqualTo(second.attempt() - 2);
    }
  }

  /** What was handed out to it and not taken; its end is there. */
  private static int leftFor(WorkConsumer consumer) throws InterruptedException {
    int left = 0;
    for (Optional<Delivery> d = consumer.take(WAIT); d.isPresent(); d = consumer.take(WAIT)) {
      left++;
    }
    return left;
  }

  @Test
  void shouldReturnItemsWhenConsumerCloses() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 6)) {
      WorkSource work = open(gang, 0).workSource("items", SourceOptions.to(Set.of(1, 2)));
      WorkConsumer leaving = open(gang, 1).workConsumer("items", 0, Credit.DEFAULT);
      work.put(ItemKey.of("a"), bytes("x"), WAIT);
      assertThat(leaving.take(WAIT)).isPresent();
      leaving.close();
      WorkConsumer staying = open(gang, 2).workConsumer("items", 0, Credit.DEFAULT);
      staying.take(WAIT).orElseThrow().ack();
      work.finish(WAIT);
    }
  }

  @Test
  void shouldTellPusherWhenPullerTookAndDropTheSameKeyOfAnother() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 7)) {
      Puller puller = open(gang, 0).puller("results", PullOptions.from(Set.of(1, 2)));
      Pusher one = open(gang, 1).pusher("results", 0);
      Pusher two = open(gang, 2).pusher("results", 0);
      var first = one.push(ItemKey.of("k"), bytes("v"), WAIT);
      Delivery delivery = puller.take(WAIT).orElseThrow();
      assertThat(first).isNotDone();
      var second = two.push(ItemKey.of("k"), bytes("v"), WAIT);
      await().atMost(WAIT).until(() -> puller.duplicates() == 1);
      assertThat(second).isNotDone();
      delivery.ack();
      assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(ItemKey.of("k"));
      assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(ItemKey.of("k"));
      assertThat(two.push(ItemKey.of("k"), bytes("v"), WAIT).get(30, TimeUnit.SECONDS)).isNotNull();
      one.finish(WAIT);
      two.finish(WAIT);
      assertThat(puller.take(WAIT)).isEmpty();
    }
  }

  @Test
  void shouldFailPushWhenPullerIsKilled() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 8)) {
      Channel merge = open(gang, 0);
      Puller puller = merge.puller("results", PullOptions.from(Set.of(1)));
      Pusher pusher = open(gang, 1).pusher("results", 0);
      var pushed = pusher.push(ItemKey.of("k"), bytes("v"), WAIT);
      assertThat(puller.take(WAIT)).isPresent();
      kill(merge);
      assertThatThrownBy(() -> pushed.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(PeerLostException.class);
      assertThatThrownBy(() -> pusher.finish(WAIT))
          .isInstanceOf(PeerLostException.class)
          .hasMessageContaining("rank 0 (test on 127.0.0.1)");
    }
  }

  @Test
  void shouldReportLostSenderToPullerAsItAskedFor() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 9)) {
      Channel merge = open(gang, 0);
      Puller strict = merge.puller("strict", PullOptions.from(Set.of(1)));
      Puller lenient =
          merge.puller(
              "lenient", PullOptions.from(Set.of(1)).withOnLoss(PullOptions.OnLoss.CONTINUE));
      Channel doomed = open(gang, 1);
      doomed.pusher("strict", 0).put(ItemKey.of("s"), bytes(""), WAIT);
      doomed.pusher("lenient", 0).put(ItemKey.of("l"), bytes(""), WAIT);
      Delivery taken = strict.take(WAIT).orElseThrow();
      assertThat(lenient.take(WAIT)).isPresent();
      kill(doomed);
      assertThatThrownBy(() -> strict.take(WAIT))
          .isInstanceOf(PeerLostException.class)
          .hasMessageContaining("lost rank 1 (test on 127.0.0.1)");
      assertThat(lenient.take(WAIT)).isEmpty();
      assertThat(lenient.lostSenders()).containsExactly(1);
      taken.ack();
    }
  }

  @Test
  void shouldFailConsumerWhenSourceIsKilled() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 10)) {
      Channel source = open(gang, 0);
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer = open(gang, 1).workConsumer("items", 0, Credit.DEFAULT);
      work.put(ItemKey.of("a"), bytes("x"), WAIT);
      assertThat(consumer.take(WAIT)).isPresent();
      kill(source);
      assertThatThrownBy(() -> consumer.take(WAIT))
          .isInstanceOf(PeerLostException.class)
          .hasMessageContaining("work consumer 'items' lost rank 0");
    }
  }

  @Test
  void shouldPassBarrierOnlyTogetherAndNameWhoIsMissing() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 11)) {
      List<Channel> channels = List.of(open(gang, 0), open(gang, 1), open(gang, 2));
      for (int round = 0; round < 3; round++) {
        Future<?> one = background(barrier(channels.get(0), WAIT));
        Future<?> two = background(barrier(channels.get(1), WAIT));
        assertThat(one.isDone() || two.isDone()).isFalse();
        channels.get(2).barrier("b", WAIT);
        one.get();
        two.get();
      }
      Future<?> zero = background(barrier(channels.get(0), Duration.ofSeconds(2)));
      assertThatThrownBy(() -> channels.get(1).barrier("b", Duration.ofSeconds(2)))
          .isInstanceOf(ChannelTimeoutException.class)
          .hasMessage("barrier 'b' not passed within PT2S, missing: rank 2 (test on 127.0.0.1)");
      assertThatThrownBy(zero::get).hasCauseInstanceOf(ChannelTimeoutException.class);
    }
  }

  private static Callable<Void> barrier(Channel channel, Duration timeout) {
    return () -> {
      channel.barrier("b", timeout);
      return null;
    };
  }

  @Test
  void shouldNameWhoNeverCame() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 12)) {
      Channel alone = gang.track(open(gang, 1, FAST.withJoinTimeout(Duration.ofMillis(300))));
      WorkConsumer consumer = alone.workConsumer("items", 0, Credit.DEFAULT);
      assertThatThrownBy(() -> consumer.take(WAIT))
          .isInstanceOf(PeerLostException.class)
          .hasMessageContaining(
              "rank 0 (test on 127.0.0.1): it has not published where it listens within PT0.3S");
    }
  }

  @Test
  void shouldReturnRegisteredMemoryOnceAcknowledged() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 13)) {
      Channel source = open(gang, 0);
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer = open(gang, 1).workConsumer("items", 0, Credit.DEFAULT);
      RegisteredBuffer buffer = source.buffers().tryAcquire(100_000);
      buffer.buffer().put(new byte[100_000]).flip();
      assertThat(work.offer(ItemKey.of("a"), buffer)).isEqualTo(Offer.ACCEPTED);
      Delivery delivery = consumer.take(WAIT).orElseThrow();
      assertThat(source.buffers().inUseBytes()).isPositive();
      delivery.ack();
      work.finish(WAIT);
      await().atMost(WAIT).until(() -> source.buffers().inUseBytes() == 0);
    }
  }

  @Test
  void shouldReturnRegisteredMemoryWhenClosedWithItemsUnderWay() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 14)) {
      Channel source = open(gang, 0);
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1)));
      work.offer(ItemKey.of("a"), source.buffers().tryAcquire(5000));
      work.close();
      await().atMost(WAIT).until(() -> source.buffers().inUseBytes() == 0);
      assertThatThrownBy(() -> work.offer(ItemKey.of("b"), bytes("")))
          .isInstanceOf(ChannelClosedException.class)
          .hasMessage("work source 'items' has been closed");
    }
  }

  @Test
  void shouldCarryEveryItemOnceWhileConsumersDie() throws Exception {
    long seed = Long.getLong("spawn.seed", 20261121L);
    int items = Boolean.getBoolean("spawn.soak") ? 100_000 : 1000;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int workers = 3;
    try (TestGang gang = new TestGang(directory, workers + 2, 15)) {
      Channel source = open(gang, 0);
      Channel merge = open(gang, workers + 1);
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1, 2, 3)));
      Puller results =
          merge.puller(
              "results", PullOptions.from(Set.of(1, 2, 3)).withOnLoss(PullOptions.OnLoss.CONTINUE));
      Map<Integer, Channel> alive = new ConcurrentHashMap<>();
      for (int rank = 1; rank <= workers; rank++) {
        start(gang, rank, alive);
      }
      Future<Integer> offered =
          background(
              () -> {
                for (int i = 0; i < items; i++) {
                  work.put(ItemKey.of("k" + i), bytes("v" + i), WAIT);
                }
                return items;
              });
      Map<String, String> merged = new ConcurrentHashMap<>();
      int nextDeath = 50 + random.nextInt(100);
      int deaths = 0;
      while (merged.size() < items) {
        Delivery result = results.take(WAIT).orElseThrow();
        assertThat(merged.put(result.key().value(), text(result))).as("twice").isNull();
        result.ack();
        if (merged.size() >= nextDeath && deaths < 2 * workers) {
          // Everybody dies twice: without those who came back nothing would go on.
          int victim = 1 + deaths % workers;
          kill(alive.remove(victim));
          start(gang, victim, alive);
          nextDeath += 50 + random.nextInt(100);
          deaths++;
        }
      }
      offered.get();
      work.finish(WAIT);
      assertThat(deaths).isEqualTo(2 * workers);
      assertThat(merged).hasSize(items);
      merged.forEach((key, value) -> assertThat(value).isEqualTo("v" + key.substring(1)));
    }
  }

  /** A worker; how it ends does not matter, what arrives at the merger does. */
  private void start(TestGang gang, int rank, Map<Integer, Channel> alive) {
    Channel channel = open(gang, rank);
    alive.put(rank, channel);
    pool.execute(
        () -> {
          try {
            work(channel);
          } catch (ChannelException e) {
            // It was killed.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void work(Channel channel) throws InterruptedException {
    WorkConsumer work = channel.workConsumer("items", 0, new Credit(4, 1 << 20));
    Pusher results = channel.pusher("results", 4);
    for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
      Delivery item = d.get();
      var taken = results.push(item.key(), item.payload(), WAIT);
      var unused = taken.thenRun(item::ack);
    }
  }
}
