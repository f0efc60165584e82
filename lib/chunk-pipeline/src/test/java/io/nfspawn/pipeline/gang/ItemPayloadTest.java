package io.nfspawn.pipeline.gang;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.Outbox;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.wire.Copies;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts copies of the whole process")
class ItemPayloadTest {
  private static final int MIB = 1 << 20;

  /** Hands out as much as it has, and knows what is out. */
  private static final class CountingPool implements BufferPool {
    private final long capacityBytes;
    private long inUseBytes;

    CountingPool(long capacityBytes) {
      this.capacityBytes = capacityBytes;
    }

    @Override
    public @Nullable RegisteredBuffer tryAcquire(int lengthBytes) {
      inUseBytes += lengthBytes;
      ByteBuffer memory = ByteBuffer.allocateDirect(lengthBytes);
      return new RegisteredBuffer() {
        private boolean closed;

        @Override
        public ByteBuffer buffer() {
          return memory;
        }

        @Override
        public void close() {
          inUseBytes -= closed ? 0 : lengthBytes;
          closed = true;
        }
      };
    }

    @Override
    public long inUseBytes() {
      return inUseBytes;
    }

    @Override
    public long capacityBytes() {
      return capacityBytes;
    }
  }

  /** Answers as it is told and keeps what it was offered. */
  private static final class ScriptedOutbox implements Outbox {
    private Offer answer = Offer.ACCEPTED;
    private ByteBuffer offered = ByteBuffer.allocate(0);
    private @Nullable RegisteredBuffer owned;

    @Override
    public Offer offer(ItemKey key, ByteBuffer payload) {
      offered = payload;
      return answer;
    }

    @Override
    public Offer offer(ItemKey key, RegisteredBuffer payload) {
      owned = payload;
      return offer(key, payload.buffer().duplicate());
    }

    @Override
    public void put(ItemKey key, ByteBuffer payload, Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long unacknowledged() {
      return 0;
    }

    @Override
    public void finish(Duration timeout) {}

    @Override
    public void close() {}
  }

  private final ItemKey key = ItemKey.of("1:0");
  private final ScriptedOutbox outbox = new ScriptedOutbox();
  private final byte[] content = new byte[3 * MIB];

  ItemPayloadTest() {
    new Random(5).nextBytes(content);
  }

  private ItemPayload written(BufferPool pool, int lengthBytes) throws Exception {
    ItemPayload payload = new ItemPayload(pool, MIB);
    for (int at = 0; at < lengthBytes; at += 60_000) {
      payload.output().write(content, at, Math.min(60_000, lengthBytes - at));
    }
    return payload;
  }

  private void expectOffered(int lengthBytes) {
    assertThat(outbox.offered).isEqualTo(ByteBuffer.wrap(content, 0, lengthBytes));
  }

  @Test
  void shouldCopyOnceIntoMemoryOfTheChannelAndGiveItAway() throws Exception {
    CountingPool pool = new CountingPool(8 * MIB);
    long before = Copies.bytes();
    try (ItemPayload payload = written(pool, MIB)) {
      outbox.answer = Offer.BACK_PRESSURE;
      assertThat(payload.offerTo(outbox, key)).isEqualTo(Offer.BACK_PRESSURE);
      outbox.answer = Offer.ACCEPTED;
      assertThat(payload.offerTo(outbox, key)).isEqualTo(Offer.ACCEPTED);
      assertThat(payload.lengthBytes()).isEqualTo(MIB);
    }
    assertThat(Copies.bytes() - before).isEqualTo(MIB);
    expectOffered(MIB);
    assertThat(outbox.owned).isNotNull();
    assertThat(pool.inUseBytes()).as("the outbox's now").isEqualTo(MIB);
  }

  @Test
  void shouldGiveMemoryBackWhenNobodyTookIt() throws Exception {
    CountingPool pool = new CountingPool(8 * MIB);
    written(pool, MIB).close();
    assertThat(pool.inUseBytes()).isZero();
  }

  @Test
  void shouldMoveToALargerPlaceWhenItOutgrowsItsOwn() throws Exception {
    CountingPool pool = new CountingPool(16 * MIB);
    try (ItemPayload payload = written(pool, 3 * MIB)) {
      payload.offerTo(outbox, key);
    }
    expectOffered(3 * MIB);
    assertThat(pool.inUseBytes()).isEqualTo(4 * MIB);
  }

  @Test
  void shouldUseTheHeapWhenThePoolIsHalfOut() throws Exception {
    CountingPool pool = new CountingPool(2 * MIB);
    try (ItemPayload payload = written(pool, 3 * MIB)) {
      payload.offerTo(outbox, key);
    }
    expectOffered(3 * MIB);
    assertThat(outbox.owned).isNull();
    assertThat(pool.inUseBytes()).isZero();
  }

  @Test
  void shouldTakeNoMemoryWhenItemsGoByReference() {
    CountingPool pool = new CountingPool(8 * MIB);
    try (ItemPayload payload = new ItemPayload(pool, 0)) {
      payload.offerTo(outbox, key);
    }
    expectOffered(0);
    assertThat(pool.inUseBytes()).isZero();
  }
}
