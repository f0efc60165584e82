package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a broadcast must do over every wire. One small subclass a wire runs it. */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class BroadcastContract {
  private static final BroadcastOptions TO_THREE =
      BroadcastOptions.to(Set.of(1, 2, 3)).withCredit(new Credit(8, 1 << 20));

  @TempDir Path directory;
  private final ExecutorService pool = Executors.newCachedThreadPool();

  abstract Channel open(TestGang gang, int rank, ChannelOptions options);

  /** Ends a channel as a kill -9 would: no goodbye, nothing flushed. */
  abstract void kill(Channel channel);

  @AfterEach
  void stopPool() {
    pool.shutdownNow();
  }

  private Channel open(TestGang gang, int rank) {
    return gang.track(open(gang, rank, ChannelContract.FAST));
  }

  private static List<String> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i).collect(Collectors.toList());
  }

  private static ByteBuffer payload(int item) {
    return ByteBuffer.allocate(100).putInt(0, item);
  }

  /** Takes until the end; every item must be the next one. */
  private Future<List<String>> receiver(Inbox inbox, CountDownLatch afterTen) {
    return pool.submit(
        () -> {
          List<String> taken = new ArrayList<>();
          for (Optional<Delivery> d = inbox.take(WAIT); d.isPresent(); d = inbox.take(WAIT)) {
            assertThat(d.get().payload().getInt(0)).isEqualTo(taken.size());
            taken.add(d.get().key().value());
            d.get().ack();
            if (taken.size() == 10) {
              afterTen.countDown();
            }
          }
          return taken;
        });
  }

  private static void putAll(Broadcaster out, int from, int to) throws InterruptedException {
    for (int i = from; i < to; i++) {
      out.put(ItemKey.of("k" + i), payload(i), WAIT);
    }
  }

  @Test
  void shouldBringEveryItemToEveryReceiverOverOneLinkOfTheSender() throws Exception {
    try (TestGang gang = new TestGang(directory, 4, 1)) {
      Channel sender = open(gang, 0);
      List<ChannelEvent> joined = new CopyOnWriteArrayList<>();
      sender.onEvent(joined::add);
      Broadcaster out = sender.broadcaster("reference", TO_THREE);
      List<Future<List<String>>> taken = new ArrayList<>();
      for (int rank = 1; rank <= 3; rank++) {
        Inbox in = open(gang, rank).broadcastReceiver("reference", 0, TO_THREE);
        taken.add(receiver(in, new CountDownLatch(1)));
      }
      putAll(out, 0, 100);
      assertThat(out.offer(ItemKey.of("k1"), payload(1))).isEqualTo(Offer.DUPLICATE);
      out.finish(WAIT);
      for (Future<List<String>> each : taken) {
        assertThat(each.get()).isEqualTo(keys(100));
      }
      assertThat(out.unacknowledged()).isZero();
      assertThat(out.lostReceivers()).isEmpty();
      assertThat(joined)
          .filteredOn(e -> e instanceof ChannelEvent.PeerJoined)
          .containsOnly(new ChannelEvent.PeerJoined(1, false));
    }
  }

  @Test
  void shouldCarryPayloadsLargerThanFrames() throws Exception {
    BroadcastOptions large = BroadcastOptions.to(Set.of(0, 1)).withCredit(new Credit(2, 9 << 20));
    try (TestGang gang = new TestGang(directory, 3, 2)) {
      Broadcaster out = open(gang, 2).broadcaster("large", large);
      Inbox zero = open(gang, 0).broadcastReceiver("large", 2, large);
      Inbox one = open(gang, 1).broadcastReceiver("large", 2, large);
      for (int lengthBytes : List.of(0, 1 << 20, 5_000_001)) {
        ByteBuffer payload = ByteBuffer.allocateDirect(lengthBytes);
        for (int i = 0; i < lengthBytes; i++) {
          payload.put(i, (byte) ((i * 31) >> 3));
        }
        out.put(ItemKey.of("of " + lengthBytes), payload.duplicate(), WAIT);
        for (Inbox in : List.of(zero, one)) {
          Delivery delivery = in.take(WAIT).orElseThrow();
          assertThat(delivery.payload()).isEqualTo(payload);
          delivery.ack();
        }
      }
      out.finish(WAIT);
    }
  }

  @Test
  void shouldCloseTheChainAroundMemberThatIsKilled() throws Exception {
    try (TestGang gang = new TestGang(directory, 4, 3)) {
      Broadcaster out = open(gang, 0).broadcaster("reference", TO_THREE);
      CountDownLatch tenAtTwo = new CountDownLatch(1);
      Channel doomed = open(gang, 2);
      Future<List<String>> one =
          receiver(open(gang, 1).broadcastReceiver("reference", 0, TO_THREE), tenAtTwo);
      var unused = receiver(doomed.broadcastReceiver("reference", 0, TO_THREE), tenAtTwo);
      Future<List<String>> three =
          receiver(open(gang, 3).broadcastReceiver("reference", 0, TO_THREE), tenAtTwo);
      Future<?> killing =
          pool.submit(
              () -> {
                tenAtTwo.await();
                kill(doomed);
                return null;
              });
      putAll(out, 0, 200);
      out.finish(WAIT);
      killing.get();
      assertThat(one.get()).isEqualTo(keys(200));
      assertThat(three.get()).isEqualTo(keys(200));
      assertThat(out.lostReceivers()).containsExactly(2);
    }
  }

  @Test
  void shouldWaitForSlowReceiverAndLateJoinerInBoundedMemory() throws Exception {
    try (TestGang gang = new TestGang(directory, 4, 4)) {
      Broadcaster out = open(gang, 0).broadcaster("reference", TO_THREE);
      Future<List<String>> one =
          receiver(
              open(gang, 1).broadcastReceiver("reference", 0, TO_THREE), new CountDownLatch(1));
      Inbox slow = open(gang, 2).broadcastReceiver("reference", 0, TO_THREE);
      putAll(out, 0, 8);
      assertThat(out.offer(ItemKey.of("k8"), payload(8))).isEqualTo(Offer.BACK_PRESSURE);
      assertThatThrownBy(() -> out.put(ItemKey.of("k8"), payload(8), Duration.ofMillis(50)))
          .isInstanceOf(ChannelTimeoutException.class)
          .hasMessage(
              "no room for k8 in broadcast 'reference' within PT0.05S: 8 items not acknowledged by"
                  + " all, sending to rank 1 (test on 127.0.0.1)");
      Future<List<String>> two = receiver(slow, new CountDownLatch(1));
      Future<List<String>> late =
          receiver(
              open(gang, 3).broadcastReceiver("reference", 0, TO_THREE), new CountDownLatch(1));
      putAll(out, 8, 50);
      out.finish(WAIT);
      for (Future<List<String>> each : List.of(one, two, late)) {
        assertThat(each.get()).isEqualTo(keys(50));
      }
    }
  }

  @Test
  void shouldGoOnWithoutReceiverThatCloses() throws Exception {
    try (TestGang gang = new TestGang(directory, 4, 5)) {
      Broadcaster out = open(gang, 0).broadcaster("reference", TO_THREE);
      Inbox leaving = open(gang, 1).broadcastReceiver("reference", 0, TO_THREE);
      Inbox two = open(gang, 2).broadcastReceiver("reference", 0, TO_THREE);
      Inbox three = open(gang, 3).broadcastReceiver("reference", 0, TO_THREE);
      out.put(ItemKey.of("k0"), payload(0), WAIT);
      assertThat(leaving.take(WAIT)).isPresent();
      leaving.close();
      CountDownLatch ignored = new CountDownLatch(1);
      List<Future<List<String>>> staying =
          List.of(receiver(two, ignored), receiver(three, ignored));
      putAll(out, 1, 30);
      out.finish(WAIT);
      for (Future<List<String>> each : staying) {
        assertThat(each.get()).isEqualTo(keys(30));
      }
      assertThat(out.lostReceivers()).containsExactly(1);
    }
  }

  @Test
  void shouldHandOnAlthoughApplicationHasClosedAtTheEnd() throws Exception {
    try (TestGang gang = new TestGang(directory, 4, 8)) {
      Broadcaster out = open(gang, 0).broadcaster("reference", TO_THREE);
      List<Future<List<String>>> quick = new ArrayList<>();
      for (int rank : List.of(1, 2)) {
        Channel channel = open(gang, rank);
        Inbox in = channel.broadcastReceiver("reference", 0, TO_THREE);
        Future<List<String>> taken = receiver(in, new CountDownLatch(1));
        quick.add(
            pool.submit(
                () -> {
                  List<String> all = taken.get();
                  in.close();
                  channel.close();
                  return all;
                }));
      }
      putAll(out, 0, 8);
      Future<?> finishing =
          pool.submit(
              () -> {
                out.finish(WAIT);
                return null;
              });
      Inbox late = open(gang, 3).broadcastReceiver("reference", 0, TO_THREE);
      assertThat(receiver(late, new CountDownLatch(1)).get()).isEqualTo(keys(8));
      finishing.get();
      for (Future<List<String>> each : quick) {
        assertThat(each.get()).isEqualTo(keys(8));
      }
      assertThat(out.lostReceivers()).isEmpty();
    }
  }

  @Test
  void shouldTellEveryReceiverWhenSenderIsKilled() throws Exception {
    try (TestGang gang = new TestGang(directory, 4, 6)) {
      Channel doomed = open(gang, 0);
      Broadcaster out = doomed.broadcaster("reference", TO_THREE);
      List<Inbox> inboxes = new ArrayList<>();
      for (int rank = 1; rank <= 3; rank++) {
        inboxes.add(open(gang, rank).broadcastReceiver("reference", 0, TO_THREE));
      }
      out.put(ItemKey.of("k0"), payload(0), WAIT);
      for (Inbox each : inboxes) {
        each.take(WAIT).orElseThrow().ack();
      }
      kill(doomed);
      for (Inbox each : inboxes) {
        assertThatThrownBy(() -> each.take(WAIT))
            .isInstanceOf(PeerLostException.class)
            .hasMessageStartingWith(
                "broadcast 'reference' broke off before its end: rank 0 (test on 127.0.0.1): ");
      }
    }
  }

  @Test
  void shouldSayThatNobodyIsLeft() throws Exception {
    BroadcastOptions toOne = BroadcastOptions.to(Set.of(1));
    try (TestGang gang = new TestGang(directory, 2, 7)) {
      Broadcaster out = open(gang, 0).broadcaster("reference", toOne);
      Channel doomed = open(gang, 1);
      Inbox in = doomed.broadcastReceiver("reference", 0, toOne);
      out.put(ItemKey.of("k0"), payload(0), WAIT);
      assertThat(in.take(WAIT)).isPresent();
      kill(doomed);
      assertThatThrownBy(() -> out.finish(WAIT))
          .isInstanceOf(PeerLostException.class)
          .hasMessageStartingWith(
              "broadcast 'reference' has nobody left to send to: rank 1 (test on 127.0.0.1): ");
      assertThatThrownBy(() -> doomed.broadcastReceiver("other", 0, BroadcastOptions.to(Set.of(0))))
          .isInstanceOf(RuntimeException.class);
      await().atMost(WAIT).until(() -> out.lostReceivers().equals(Set.of(1)));
    }
  }
}
