package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.core.Kills;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract over a wire that carries payloads apart from their frames. */
@Tag("long")
class AttachingChannelTest extends ChannelContract {

  @Override
  Channel open(TestGang gang, int rank, ChannelOptions options) {
    return GangChannel.open(
        gang.membership(rank),
        options,
        new MemoryWire(MemoryWire.Faults.NONE, 1),
        System::nanoTime);
  }

  @Override
  void kill(Channel channel) {
    Kills.kill(channel);
  }

  @ParameterizedTest
  @EnumSource(Encryption.class)
  void shouldReleaseEveryAttachment(Encryption encryption) throws Exception {
    Random random = new Random(31);
    // A sealed session starts with frames.
    int items = encryption == Encryption.OFF ? 50 : 2200;
    try (TestGang gang = new TestGang(directory, 2, 31)) {
      ChannelOptions options = FAST.withEncryption(encryption).withFrameBytes(4096);
      WorkSource work =
          gang.track(open(gang, 0, options)).workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          gang.track(open(gang, 1, options)).workConsumer("items", 0, Credit.DEFAULT);
      long heldBefore = MemoryWire.ATTACHED.get();
      for (int i = 0; i < items; i++) {
        byte[] payload = new byte[i < items - 20 ? 10 : random.nextInt(300_000)];
        random.nextBytes(payload);
        work.put(ItemKey.of("k" + i), ByteBuffer.wrap(payload), WAIT);
        Delivery delivery = consumer.take(WAIT).orElseThrow();
        byte[] received = new byte[delivery.payload().remaining()];
        delivery.payload().get(received);
        assertThat(Arrays.equals(received, payload)).isTrue();
        if (i == items - 1) {
          assertThat(MemoryWire.ATTACHED.get()).isGreaterThan(heldBefore);
        }
        delivery.ack();
      }
      work.finish(WAIT);
      await().atMost(WAIT).until(() -> MemoryWire.ATTACHED.get() == heldBefore);
    }
  }

  @Test
  void shouldReleaseWhatNobodyTook() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 32)) {
      ChannelOptions options = FAST.withEncryption(Encryption.OFF);
      WorkSource work =
          gang.track(open(gang, 0, options)).workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          gang.track(open(gang, 1, options)).workConsumer("items", 0, Credit.DEFAULT);
      long heldBefore = MemoryWire.ATTACHED.get();
      work.put(ItemKey.of("a"), ByteBuffer.allocate(5000), WAIT);
      work.put(ItemKey.of("b"), ByteBuffer.allocate(5000), WAIT);
      await().atMost(WAIT).until(() -> MemoryWire.ATTACHED.get() == heldBefore + 2);
      consumer.take(WAIT).orElseThrow().release();
      consumer.close();
      assertThat(MemoryWire.ATTACHED.get()).isEqualTo(heldBefore);
    }
  }
}
