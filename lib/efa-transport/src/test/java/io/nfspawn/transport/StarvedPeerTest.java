package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.core.Kills;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members that answer late, as on a machine with ten times the work it can do: who gives a session
 * up for another must not look like one that died, however short the time to come back is.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StarvedPeerTest {
  /** Handshakes are overdue after 400 ms; a broken connection counts almost at once. */
  private static final ChannelOptions OPTIONS =
      ChannelOptions.defaults()
          .withLiveness(Duration.ofMillis(50), Duration.ofSeconds(60), Duration.ofMillis(50));

  @TempDir Path directory;
  private final List<ChannelEvent> events = new CopyOnWriteArrayList<>();
  private final MemoryWire sourceWire = new MemoryWire(MemoryWire.Faults.NONE);
  private final MemoryWire consumerWire = new MemoryWire(MemoryWire.Faults.NONE);
  private final AtomicLong jumpNanos = new AtomicLong();

  private Channel open(TestGang gang, int rank, MemoryWire wire) {
    Channel channel =
        GangChannel.open(
            gang.membership(rank),
            OPTIONS,
            wire,
            () -> System.nanoTime() + (rank == 1 ? jumpNanos.get() : 0));
    channel.onEvent(events::add);
    return gang.track(channel);
  }

  private void carry(WorkSource work, WorkConsumer consumer, int items) throws Exception {
    for (int i = 0; i < items; i++) {
      work.put(ItemKey.of("k" + work.redelivered() + "-" + System.nanoTime()), some(), WAIT);
      consumer.take(WAIT).orElseThrow().ack();
    }
  }

  private static ByteBuffer some() {
    return ByteBuffer.allocate(100);
  }

  private void assertNobodyLost() {
    assertThat(events).noneMatch(event -> event instanceof ChannelEvent.PeerLost);
  }

  /** One way takes 150 ms, so the first answer comes after 600, half again as long as is waited. */
  @Test
  void shouldJoinWhenEveryAnswerIsLate() throws Exception {
    sourceWire.slow(Duration.ofMillis(150));
    consumerWire.slow(Duration.ofMillis(150));
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      WorkSource work = open(gang, 0, sourceWire).workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          open(gang, 1, consumerWire).workConsumer("items", 0, new Credit(8, 1 << 20));
      carry(work, consumer, 2);
      assertNobodyLost();
    }
  }

  /**
   * Of one HELLO come 100 copies before the answer to the first is back, more than there may be
   * sessions that nobody has proved: the one that is answered is still known.
   */
  @Test
  void shouldJoinWhenMoreCopiesOfHelloComeThanSessionsMayBePending() throws Exception {
    ChannelOptions impatient =
        OPTIONS.withLiveness(Duration.ofMillis(20), Duration.ofSeconds(60), Duration.ofMillis(50));
    sourceWire.slow(Duration.ofSeconds(1));
    consumerWire.slow(Duration.ofSeconds(1));
    try (TestGang gang = new TestGang(directory, 2, 4)) {
      WorkSource work =
          gang.track(GangChannel.open(gang.membership(0), impatient, sourceWire, System::nanoTime))
              .workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          gang.track(
                  GangChannel.open(gang.membership(1), impatient, consumerWire, System::nanoTime))
              .workConsumer("items", 0, new Credit(8, 1 << 20));
      work.put(ItemKey.of("k"), some(), WAIT);
      Optional<Delivery> taken = consumer.take(Duration.ofSeconds(30));
      assertThat(taken).isPresent();
      taken.get().ack();
    }
  }

  /** The clock of the consumer jumps, as when its machine was asleep; it makes a new session. */
  @Test
  void shouldKeepPeerThatStoodStillAndComesBackLate() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 2)) {
      WorkSource work = open(gang, 0, sourceWire).workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          open(gang, 1, consumerWire).workConsumer("items", 0, new Credit(8, 1 << 20));
      carry(work, consumer, 1);
      sourceWire.slow(Duration.ofMillis(150));
      consumerWire.slow(Duration.ofMillis(150));
      jumpNanos.set(Duration.ofSeconds(40).toNanos());
      carry(work, consumer, 4);
      assertNobodyLost();
    }
  }

  /**
   * Killed while we wait for its answer to another handshake: known at once, not after a minute.
   */
  @Test
  void shouldLosePeerThatIsKilledWhileItsSessionIsRenewed() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 3)) {
      Channel source = open(gang, 0, sourceWire);
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          open(gang, 1, consumerWire).workConsumer("items", 0, new Credit(8, 1 << 20));
      carry(work, consumer, 1);
      sourceWire.mute();
      jumpNanos.set(Duration.ofSeconds(40).toNanos());
      await().atMost(WAIT).until(() -> consumerWire.links() > 1);
      long killed = System.nanoTime();
      Kills.kill(source);
      assertThatThrownBy(() -> consumer.take(WAIT)).isInstanceOf(PeerLostException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(20));
    }
  }
}
