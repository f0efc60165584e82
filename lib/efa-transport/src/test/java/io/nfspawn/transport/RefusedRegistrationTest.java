package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.fabric.Fabrics;
import io.nfspawn.transport.fabric.RefusingFabric;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that will not have a piece of memory costs a copy or a link, not the channel. */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RefusedRegistrationTest {
  private static final int LONG_BYTES = 100_000;

  @TempDir Path directory;

  private static Channel open(TestGang gang, int rank, FabricLibrary library, String provider) {
    ChannelOptions options = ChannelContract.FAST.withEncryption(Encryption.OFF);
    return gang.track(
        GangChannel.open(
            gang.membership(rank),
            options,
            new FabricWire(library, provider, 2, 2 << 20),
            System::nanoTime));
  }

  private static ByteBuffer payload() {
    byte[] bytes = new byte[LONG_BYTES];
    new Random(1).nextBytes(bytes);
    return ByteBuffer.allocateDirect(LONG_BYTES).put(bytes).flip();
  }

  private static void carry(WorkSource work, WorkConsumer consumer) throws Exception {
    Delivery delivery = consumer.take(WAIT).orElseThrow();
    assertThat(delivery.payload()).isEqualTo(payload());
    delivery.ack();
    work.finish(WAIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp;ofi_rxm"})
  void shouldSendACopyWhenMemoryOfTheApplicationIsRefused(String provider) throws Exception {
    int[] asked = new int[1];
    // The second rail only, every time: what the first has registered must go again.
    RefusingFabric refusing =
        new RefusingFabric((memory, written) -> !written && asked[0]++ % 2 == 1);
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      WorkSource work =
          open(gang, 0, refusing.library(), provider)
              .workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          open(gang, 1, Fabrics.library(), provider).workConsumer("items", 0, Credit.DEFAULT);
      work.put(ItemKey.of("k"), payload(), WAIT);
      carry(work, consumer);
    }
    assertThat(refusing.refused.get()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp;ofi_rxm"})
  void shouldBreakTheLinkAloneWhenNothingCanBeRegistered(String provider) throws Exception {
    RefusingFabric refusing =
        new RefusingFabric(
            (memory, written) -> memory.capacity() >= LONG_BYTES && memory.capacity() < 1 << 20);
    try (TestGang gang = new TestGang(directory, 2, 2)) {
      WorkSource work =
          open(gang, 0, refusing.library(), provider)
              .workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          open(gang, 1, Fabrics.library(), provider).workConsumer("items", 0, Credit.DEFAULT);
      work.put(ItemKey.of("k"), payload(), WAIT);
      // Once as it lies and once copied, on each of two links.
      await().atMost(WAIT).until(() -> refusing.refused.get() >= 4);
      refusing.relent();
      carry(work, consumer);
    }
  }
}
