package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.core.GangChannel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wire that loses, doubles and changes frames still carries each item once, in order. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LossyChannelTest {
  /** A handshake may be lost twice in a row before a peer counts as lost. */
  private static final ChannelOptions OPTIONS =
      ChannelContract.FAST
          .withLiveness(Duration.ofMillis(50), Duration.ofSeconds(6), Duration.ofSeconds(5))
          .withFrameBytes(4096);

  @TempDir Path directory;

  private Channel open(TestGang gang, int rank, long seed) {
    MemoryWire wire = new MemoryWire(new MemoryWire.Faults(10, 20, 10, seed + rank));
    return gang.track(GangChannel.open(gang.membership(rank), OPTIONS, wire, System::nanoTime));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldDeliverEachItemOnce(long seed) throws Exception {
    System.out.println("seed " + seed);
    int items = 300;
    try (TestGang gang = new TestGang(directory, 2, seed)) {
      WorkSource work = open(gang, 0, seed).workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer = open(gang, 1, seed).workConsumer("items", 0, new Credit(8, 1 << 20));
      List<String> expected = new ArrayList<>();
      List<String> taken = new ArrayList<>();
      CompletableFuture<Void> putting = CompletableFuture.runAsync(() -> putAll(work, items));
      for (int i = 0; i < items; i++) {
        expected.add("k" + i + "/" + i * 37);
      }
      for (Optional<Delivery> d = consumer.take(WAIT); d.isPresent(); d = consumer.take(WAIT)) {
        taken.add(d.get().key() + "/" + d.get().payload().remaining());
        d.get().ack();
      }
      putting.join();
      assertThat(taken).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(work.unacknowledged()).isZero();
    }
  }

  private static void putAll(WorkSource work, int items) {
    try {
      for (int i = 0; i < items; i++) {
        work.put(ItemKey.of("k" + i), ByteBuffer.allocate(i * 37), WAIT);
      }
      work.finish(WAIT);
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }
}
