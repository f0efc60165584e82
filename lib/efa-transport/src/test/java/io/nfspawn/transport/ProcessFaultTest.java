package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Consumers in processes of their own are killed or stopped in the middle of long items, which over
 * a fabric they read out of this process's memory: this process neither crashes nor hangs, holds no
 * more than queue and credits allow, and what they had goes to others, unharmed. So it is with who
 * pushes to this process and with whom it pushes to: they count as lost, in bounded memory. In
 * clear and sealed, where payloads are long-read from the first frame on.
 */
@ExtendWith(LeakDetector.class)
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProcessFaultTest {
  private static final int ITEMS = 60;
  private static final int QUEUED = 16;
  private static final int CREDIT = 8;

  /** What waits at a pusher, at most. */
  private static final int PUSH_QUEUE = 64;

  private static final int ITEM_BYTES = 512 << 10;

  @TempDir Path directory;
  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void stopPool() {
    pool.shutdownNow();
  }

  private static ChannelOptions options(String wire, Encryption encryption) {
    // A loaded machine may keep a process waiting for seconds; that must not look like death.
    return ChannelOptions.defaults()
        .withLiveness(Duration.ofMillis(100), Duration.ofSeconds(6), Duration.ofSeconds(1))
        .withWire(wire)
        .withEncryption(encryption)
        .withWarmUpFrames(0);
  }

  /** Takes items whose bytes are all alike and acknowledges those that are. */
  static final class Checker {
    public static void main(String[] args) throws Exception {
      try (Channel channel =
          Channel.open(
              Membership.fromEnvironment(), options(args[0], Encryption.valueOf(args[1])))) {
        WorkConsumer work = channel.workConsumer("items", 0, new Credit(CREDIT, 16L << 20));
        for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
          System.out.println("took " + d.get().key());
          ByteBuffer payload = d.get().payload();
          byte expected = Byte.parseByte(d.get().key().value().replaceAll(".*:", ""));
          while (payload.hasRemaining()) {
            if (payload.get() != expected) {
              throw new IllegalStateException("item " + d.get().key() + " is torn");
            }
          }
          d.get().ack();
        }
      }
    }
  }

  /** Ranks 3, which pushes for ever, and 4, which takes what it is pushed. */
  static final class Ends {
    public static void main(String[] args) throws Exception {
      ChannelOptions options = options(args[0], Encryption.valueOf(args[1]));
      Path root = Path.of(args[2]);
      new Thread(() -> keep(open(options, root, 4))).start();
      Pusher made = open(options, root, 3).pusher("made", 0);
      for (int i = 0; i < Integer.MAX_VALUE; i++) {
        made.put(ItemKey.of("m" + i), ByteBuffer.allocateDirect(ITEM_BYTES), WAIT);
      }
    }

    private static Channel open(ChannelOptions options, Path root, int rank) {
      Map<String, String> environment = TestGang.environment(root, "gang-2", 1, 5, rank);
      return Channel.open(Membership.fromEnvironment(environment), options);
    }

    private static void keep(Channel channel) {
      PullOptions how = PullOptions.from(Set.of(0)).withCredit(new Credit(CREDIT, 16L << 20));
      try (Puller kept = channel.puller("kept", how)) {
        while (true) {
          kept.take(WAIT).orElseThrow().ack();
          System.out.println("kept");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-KILL", "-STOP"})
  void shouldCarryOnInBoundedMemoryWhenOthersAreKilledOrStopped(String signal) throws Exception {
    TestProcess.onEveryWire(pool, tries(signal, Encryption.OFF));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-KILL", "-STOP"})
  void shouldCarryOnSealedWhenOthersAreKilledOrStopped(String signal) throws Exception {
    TestProcess.onEveryFabric(pool, tries(signal, Encryption.AUTHENTICATE));
  }

  private TestProcess.OnWire[] tries(String signal, Encryption encryption) {
    long seed = Long.getLong("spawn.seed", 20261121L);
    System.out.println("seed " + seed);
    return new TestProcess.OnWire[] {
      wire -> new Run(wire, encryption, directory).carryOn(signal, new Random(seed)),
      wire -> new Run(wire, encryption, directory).loseBothEnds(signal, pool)
    };
  }

  /** One wire's gang. */
  private static final class Run {
    private final String wire;
    private final Encryption encryption;
    private final Path directory;
    private int offered;

    Run(String wire, Encryption encryption, Path directory) throws IOException {
      this.wire = wire;
      this.encryption = encryption;
      this.directory = Files.createDirectories(directory.resolve(wire.replace(':', '-')));
    }

    private String errors(int rank) {
      try {
        return wire + ": " + Files.readString(directory.resolve("rank" + rank + ".err"));
      } catch (IOException e) {
        return e.toString();
      }
    }

    private Offer offer(WorkSource work) throws InterruptedException {
      byte value = (byte) (offered % 100);
      ByteBuffer payload = ByteBuffer.allocateDirect(ITEM_BYTES);
      while (payload.hasRemaining()) {
        payload.put(value);
      }
      Offer offer = work.offer(ItemKey.of(offered + ":" + value), payload.flip());
      offered += offer == Offer.ACCEPTED ? 1 : 0;
      return offer;
    }

    void loseBothEnds(String signal, ExecutorService pool) throws Exception {
      try (TestGang gang = new TestGang(directory, 5, 2)) {
        Channel here = gang.track(Channel.open(gang.membership(0), options(wire, encryption)));
        PullOptions how = PullOptions.from(Set.of(3)).withCredit(new Credit(CREDIT, 16L << 20));
        Puller made = here.puller("made", how);
        Pusher kept = here.pusher("kept", 4);
        String root = directory.toString();
        Process ends =
            TestProcess.start(gang, 3, Ends.class, directory, wire, encryption.name(), root);
        try {
          made.take(WAIT).orElseThrow().ack();
          kept.put(ItemKey.of("first"), ByteBuffer.allocateDirect(ITEM_BYTES), WAIT);
          assertThat(ends.inputReader().readLine()).as(() -> errors(3)).isEqualTo("kept");
          TestProcess.signal(ends, signal);
          Future<Integer> taken = pool.submit(() -> takeUntilLost(made));
          int accepted = 1;
          ByteBuffer item = ByteBuffer.allocateDirect(ITEM_BYTES);
          while (kept.offer(ItemKey.of("k" + accepted), item) == Offer.ACCEPTED) {
            accepted++;
          }
          assertThat(kept.unacknowledged()).isLessThanOrEqualTo(PUSH_QUEUE + CREDIT);
          assertThatThrownBy(() -> kept.finish(WAIT))
              .isInstanceOfSatisfying(
                  PeerLostException.class, e -> assertThat(e.ranks()).containsExactly(4));
          assertThat(taken.get()).as("what it had sent").isLessThanOrEqualTo(CREDIT);
        } finally {
          ends.destroyForcibly().waitFor();
        }
      }
    }

    private static int takeUntilLost(Puller made) throws InterruptedException {
      for (int taken = 0; ; taken++) {
        try {
          made.take(WAIT).orElseThrow().ack();
        } catch (PeerLostException e) {
          assertThat(e.ranks()).containsExactly(3);
          return taken;
        }
      }
    }

    void carryOn(String signal, Random random) throws Exception {
      long victimPid;
      try (TestGang gang = new TestGang(directory, 3, 1)) {
        Channel source = gang.track(Channel.open(gang.membership(0), options(wire, encryption)));
        WorkSource work =
            source.workSource(
                "items", SourceOptions.to(Set.of(1, 2)).withQueue(new Credit(QUEUED, 16L << 20)));
        Process victim =
            TestProcess.start(gang, 1, Checker.class, directory, wire, encryption.name());
        victimPid = victim.pid();
        Process heir = null;
        try {
          int fault = 4 + random.nextInt(20);
          while (offered < 4) {
            offer(work);
          }
          // Who has taken something is connected, and its death is noticed.
          assertThat(victim.getInputStream().read()).as(() -> errors(1)).isEqualTo('t');
          while (offered < fault) {
            offer(work);
          }
          TestProcess.signal(victim, signal);
          while (offer(work) == Offer.ACCEPTED) {
            assertThat(work.unacknowledged())
                .as("%s holds %d bytes an item", wire, ITEM_BYTES)
                .isLessThanOrEqualTo(QUEUED + CREDIT);
          }
          heir = TestProcess.start(gang, 2, Checker.class, directory, wire, encryption.name());
          while (offered < ITEMS) {
            if (offer(work) != Offer.ACCEPTED) {
              TimeUnit.MILLISECONDS.sleep(1);
            }
            assertThat(work.unacknowledged()).isLessThanOrEqualTo(QUEUED + 2 * CREDIT);
          }
          work.finish(WAIT);
          assertThat(work.unacknowledged()).isZero();
          assertThat(heir.waitFor(30, TimeUnit.SECONDS)).isTrue();
          assertThat(heir.exitValue()).as(() -> errors(2)).isZero();
        } finally {
          victim.destroyForcibly().waitFor();
          if (heir != null) {
            heir.destroyForcibly().waitFor();
          }
        }
      }
      assertThat(Path.of("/dev/shm/" + victimPid + ":0:0")).doesNotExist();
    }
  }
}
