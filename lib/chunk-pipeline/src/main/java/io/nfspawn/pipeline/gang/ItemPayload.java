package io.nfspawn.pipeline.gang;

import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.Outbox;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.wire.Copies;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one work item while they are made and until they are handed out. They lie in memory
 * of the channel, from which a fabric sends without another copy, or on the heap when the channel
 * has none to spare. Whoever made it owns that memory and closes this, until an outbox took it. Not
 * thread-safe.
 */
final class ItemPayload implements AutoCloseable {
  private static final int SMALLEST_BYTES = 1 << 16;
  private static final int LARGEST_BYTES = 1 << 30;

  private final BufferPool pool;
  private @Nullable RegisteredBuffer registered;
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int lengthBytes;

  /**
   * @param pool where memory comes from
   * @param expectedBytes an item that becomes longer is moved to a larger place, which is a copy
   */
  ItemPayload(BufferPool pool, int expectedBytes) {
    this.pool = pool;
    if (expectedBytes > 0) {
      move(expectedBytes);
    }
  }

  /** Adds what is written; closing it does nothing. */
  OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int lengthBytes) {
        Objects.checkFromIndexSize(offset, lengthBytes, from.length);
        if (bytes.remaining() < lengthBytes) {
          move(Math.addExact(bytes.position(), lengthBytes));
        }
        Copies.count(lengthBytes);
        bytes.put(from, offset, lengthBytes);
        ItemPayload.this.lengthBytes += lengthBytes;
      }
    };
  }

  /** Written so far. */
  int lengthBytes() {
    return lengthBytes;
  }

  /** Offers what was written; when it is accepted, its memory is the outbox's. */
  Offer offerTo(Outbox outbox, ItemKey key) {
    RegisteredBuffer own = registered;
    if (own == null) {
      return outbox.offer(key, bytes.duplicate().flip());
    }
    bytes.flip();
    Offer answer = outbox.offer(key, own);
    if (answer == Offer.ACCEPTED) {
      registered = null;
    } else {
      bytes.limit(bytes.capacity()).position(lengthBytes);
    }
    return answer;
  }

  /** To a place for {@code leastBytes}: twice that at the most, for more may come. */
  private void move(int leastBytes) {
    int roundBytes =
        leastBytes > LARGEST_BYTES
            ? leastBytes
            : Math.max(SMALLEST_BYTES, Integer.highestOneBit(leastBytes - 1) << 1);
    // Half of the pool at the most: over zmq it is direct memory, of which a small JVM has little.
    boolean isRoom = pool.inUseBytes() + roundBytes <= pool.capacityBytes() / 2;
    RegisteredBuffer next = isRoom ? pool.tryAcquire(roundBytes) : null;
    // Nobody gains from a large place on the heap before it is needed.
    int heapBytes = bytes.capacity() == 0 ? SMALLEST_BYTES : roundBytes;
    ByteBuffer to = next == null ? ByteBuffer.allocate(heapBytes) : next.buffer();
    Copies.count(bytes.position());
    to.put(bytes.flip());
    close();
    registered = next;
    bytes = to;
  }

  /** Gives back what no outbox took. */
  @Override
  public void close() {
    RegisteredBuffer own = registered;
    registered = null;
    if (own != null) {
      own.close();
    }
  }
}
