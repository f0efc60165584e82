package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The member in the middle of a broadcast's chain is a process that is ended by kill -9 while items
 * that are read out of its memory pass through it: the chain closes around it, and everybody else
 * gets all of them, unharmed, from a sender that holds no more than its credit. In clear and
 * sealed, where payloads are long-read from the first frame on.
 */
@ExtendWith(LeakDetector.class)
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BroadcastFaultTest {
  private static final int ITEMS = 60;
  private static final int ITEM_BYTES = 200_000;
  private static final int CREDIT = 8;
  private static final BroadcastOptions TO_THREE =
      BroadcastOptions.to(Set.of(1, 2, 3)).withCredit(new Credit(CREDIT, 16 << 20));

  @TempDir Path directory;
  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void stopPool() {
    pool.shutdownNow();
  }

  private static ChannelOptions options(String wire, Encryption encryption) {
    return ChannelOptions.defaults()
        .withLiveness(Duration.ofMillis(100), Duration.ofSeconds(30), Duration.ofMillis(500))
        .withWire(wire)
        .withEncryption(encryption)
        .withWarmUpFrames(0);
  }

  private static ByteBuffer payload(int item) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(ITEM_BYTES);
    for (int i = 0; i < ITEM_BYTES; i += 7) {
      bytes.put(i, (byte) (item + i));
    }
    return bytes;
  }

  /** Takes what comes until it is killed. */
  static final class Middle {
    public static void main(String[] args) throws Exception {
      try (Channel channel =
          Channel.open(
              Membership.fromEnvironment(), options(args[0], Encryption.valueOf(args[1])))) {
        Inbox in = channel.broadcastReceiver("reference", 0, TO_THREE);
        for (Optional<Delivery> d = in.take(WAIT); d.isPresent(); d = in.take(WAIT)) {
          System.out.println(d.get().key());
          d.get().ack();
        }
      }
    }
  }

  @Test
  void shouldCloseTheChainAroundProcessThatIsKilled() throws Exception {
    long seed = Long.getLong("spawn.seed", 20261122L);
    System.out.println("seed " + seed);
    TestProcess.onEveryWire(pool, wire -> closeTheChain(wire, Encryption.OFF, seed));
  }

  @Test
  void shouldCloseTheChainSealedAroundProcessThatIsKilled() throws Exception {
    long seed = Long.getLong("spawn.seed", 20261122L);
    System.out.println("seed " + seed);
    TestProcess.onEveryFabric(pool, wire -> closeTheChain(wire, Encryption.AUTHENTICATE, seed));
  }

  private Path own(String wire, Encryption encryption) throws IOException {
    return Files.createDirectories(directory.resolve(wire.replace(':', '-') + "-" + encryption));
  }

  private void closeTheChain(String wire, Encryption encryption, long seed) throws Exception {
    int fault = 1 + new Random(seed + wire.hashCode()).nextInt(ITEMS / 2);
    Path own = own(wire, encryption);
    try (TestGang gang = new TestGang(own, 4, 1)) {
      Process middle = TestProcess.start(gang, 2, Middle.class, own, wire, encryption.name());
      try {
        Broadcaster out = open(gang, 0, wire, encryption).broadcaster("reference", TO_THREE);
        List<Future<Integer>> taken = new ArrayList<>();
        for (int rank : List.of(1, 3)) {
          Inbox in = open(gang, rank, wire, encryption).broadcastReceiver("reference", 0, TO_THREE);
          taken.add(pool.submit(() -> takeAll(in)));
        }
        Future<?> killing = pool.submit(() -> killAfter(middle, fault, own));
        for (int i = 0; i < ITEMS; i++) {
          out.put(ItemKey.of("k" + i), payload(i), WAIT);
          assertThat(out.unacknowledged()).as(wire).isLessThanOrEqualTo(CREDIT);
          if (i == fault + CREDIT) {
            killing.get();
          }
        }
        out.finish(WAIT);
        for (Future<Integer> each : taken) {
          assertThat(each.get()).as(wire).isEqualTo(ITEMS);
        }
        assertThat(out.lostReceivers()).as(wire).containsExactly(2);
      } finally {
        middle.destroyForcibly().waitFor();
      }
    }
  }

  private static Channel open(TestGang gang, int rank, String wire, Encryption encryption) {
    return gang.track(Channel.open(gang.membership(rank), options(wire, encryption)));
  }

  /** Every item must be the next one, and whole. */
  private static int takeAll(Inbox in) throws InterruptedException {
    int taken = 0;
    for (Optional<Delivery> d = in.take(WAIT); d.isPresent(); d = in.take(WAIT)) {
      assertThat(d.get().key().value()).isEqualTo("k" + taken);
      assertThat(d.get().payload()).isEqualTo(payload(taken));
      d.get().ack();
      taken++;
    }
    return taken;
  }

  private static Void killAfter(Process middle, int items, Path directory) throws Exception {
    for (int i = 0; i < items; i++) {
      assertThat(middle.inputReader().readLine()).as(() -> errors(directory)).isEqualTo("k" + i);
    }
    TestProcess.signal(middle, "-KILL");
    return null;
  }

  private static String errors(Path directory) {
    try {
      return Files.readString(directory.resolve("rank2.err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Sends until it is killed. */
  static final class Sender {
    public static void main(String[] args) throws Exception {
      try (Channel channel =
          Channel.open(
              Membership.fromEnvironment(), options(args[0], Encryption.valueOf(args[1])))) {
        Broadcaster out = channel.broadcaster("reference", TO_THREE);
        for (int i = 0; i < Integer.MAX_VALUE; i++) {
          out.put(ItemKey.of("k" + i), payload(i), WAIT);
        }
      }
    }
  }

  @Test
  void shouldTellEveryReceiverWhenProcessOfSenderIsKilled() throws Exception {
    TestProcess.onEveryWire(pool, wire -> loseTheSender(wire, Encryption.OFF));
  }

  @Test
  void shouldTellEveryReceiverWhenProcessOfSealingSenderIsKilled() throws Exception {
    TestProcess.onEveryFabric(pool, wire -> loseTheSender(wire, Encryption.AUTHENTICATE));
  }

  private void loseTheSender(String wire, Encryption encryption) throws Exception {
    Path own = own(wire, encryption);
    try (TestGang gang = new TestGang(own, 4, 2)) {
      List<Inbox> inboxes = new ArrayList<>();
      for (int rank = 1; rank <= 3; rank++) {
        inboxes.add(open(gang, rank, wire, encryption).broadcastReceiver("reference", 0, TO_THREE));
      }
      Process sender = TestProcess.start(gang, 0, Sender.class, own, wire, encryption.name());
      try {
        List<Future<Integer>> taken = new ArrayList<>();
        CountDownLatch tenEverywhere = new CountDownLatch(3);
        for (Inbox in : inboxes) {
          taken.add(pool.submit(() -> takeUntilLost(in, tenEverywhere)));
        }
        assertThat(tenEverywhere.await(60, TimeUnit.SECONDS)).as(wire).isTrue();
        TestProcess.signal(sender, "-KILL");
        for (Future<Integer> each : taken) {
          assertThat(each.get()).as(wire).isGreaterThanOrEqualTo(10);
        }
      } finally {
        sender.destroyForcibly().waitFor();
      }
    }
  }

  private static int takeUntilLost(Inbox in, CountDownLatch ten) throws InterruptedException {
    for (int taken = 0; ; taken++) {
      Delivery next;
      try {
        next = in.take(WAIT).orElseThrow();
      } catch (PeerLostException e) {
        assertThat(e).hasMessageStartingWith("broadcast 'reference' broke off before its end: ");
        return taken;
      }
      assertThat(next.payload()).isEqualTo(payload(taken));
      next.ack();
      if (taken == 9) {
        ten.countDown();
      }
    }
  }
}
