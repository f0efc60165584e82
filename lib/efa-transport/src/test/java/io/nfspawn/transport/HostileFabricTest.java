package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.fabric.Fabrics;
import io.nfspawn.transport.fabric.HostileFabric;
import io.nfspawn.transport.fabric.HostileFabric.Faults;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A provider that reorders, says "again" and loses messages still carries each item once, in clear
 * and sealed; sealed payloads are long-read from the first frame on.
 */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileFabricTest {
  private static final long SEED = Long.getLong("spawn.seed", 20261121L);

  /** Nothing is lost, so nothing may be handed out again, however late a busy machine is. */
  private static final ChannelOptions PATIENT =
      ChannelOptions.defaults()
          .withLiveness(Duration.ofMillis(50), Duration.ofSeconds(30), Duration.ofSeconds(30));

  private static final int ITEMS = Boolean.getBoolean("spawn.soak") ? 20_000 : 150;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"shm,OFF", "tcp;ofi_rxm,OFF", "shm,AUTHENTICATE", "tcp;ofi_rxm,AUTHENTICATE"})
  void shouldKeepOrderWhenProviderReordersAndSaysAgain(String provider, Encryption encryption)
      throws Exception {
    Faults faults = new Faults(200, 300, List.of());
    HostileFabric hostile = new HostileFabric(Fabrics.whereMemoryIsPrivate(), faults, SEED);
    List<String> taken = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      expected.add("k" + i);
    }
    ChannelOptions options = PATIENT.withEncryption(encryption).withWarmUpFrames(0);
    assertThat(carry(options, hostile, hostile, provider, taken)).as("redelivered").isZero();
    assertThat(taken).isEqualTo(expected);
    assertThat(hostile.again.get()).isPositive();
    assertThat(hostile.reads.get()).as("two a long item").isGreaterThanOrEqualTo(2L * ITEMS / 3);
  }

  @ParameterizedTest
  @CsvSource({"shm,OFF", "tcp;ofi_rxm,OFF", "shm,AUTHENTICATE", "tcp;ofi_rxm,AUTHENTICATE"})
  void shouldCarryEachItemOnceWhenProviderLosesMessages(String provider, Encryption encryption)
      throws Exception {
    Random random = new Random(SEED);
    List<Integer> losses = List.of(5 + random.nextInt(10), 5 + random.nextInt(20));
    FabricLibrary library = Fabrics.library();
    HostileFabric losing = new HostileFabric(library, new Faults(50, 100, losses), SEED);
    HostileFabric other = new HostileFabric(library, new Faults(50, 100, List.of()), SEED);
    List<String> taken = new ArrayList<>();
    ChannelOptions options = ChannelContract.FAST.withEncryption(encryption).withWarmUpFrames(0);
    carry(options, losing, other, provider, taken);
    assertThat(taken).doesNotHaveDuplicates().hasSize(ITEMS);
    assertThat(losing.lost.get()).isEqualTo(losses.size());
  }

  private long carry(
      ChannelOptions options,
      HostileFabric sending,
      HostileFabric receiving,
      String provider,
      List<String> taken)
      throws Exception {
    System.out.println("seed " + SEED);
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      WorkSource work =
          open(gang, 0, options, sending, provider)
              .workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          open(gang, 1, options, receiving, provider)
              .workConsumer("items", 0, new Credit(8, 8L << 20));
      CompletableFuture<Void> putting = CompletableFuture.runAsync(() -> putAll(work));
      for (Optional<Delivery> d = consumer.take(WAIT); d.isPresent(); d = consumer.take(WAIT)) {
        int item = Integer.parseInt(d.get().key().value().substring(1));
        assertThat(d.get().payload()).as("item %d", item).isEqualTo(payload(item));
        taken.add(d.get().key().value());
        d.get().ack();
      }
      putting.get();
      return work.redelivered();
    }
  }

  private static Channel open(
      TestGang gang, int rank, ChannelOptions options, HostileFabric hostile, String provider) {
    return gang.track(
        GangChannel.open(
            gang.membership(rank),
            options,
            new FabricWire(hostile.library(), provider, 2, 2 << 20),
            System::nanoTime));
  }

  /** Every third one is read out of its sender's memory, in two parts. */
  private static ByteBuffer payload(int item) {
    byte[] bytes = new byte[item % 3 == 0 ? 700_000 : 100];
    new Random(item).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static void putAll(WorkSource work) {
    try {
      for (int i = 0; i < ITEMS; i++) {
        work.put(ItemKey.of("k" + i), payload(i), WAIT);
      }
      work.finish(WAIT);
    } catch (InterruptedException e) {
      throw new CompletionException(e);
    }
  }
}
