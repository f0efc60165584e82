package io.nfspawn.transport.core;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Memory in which payloads that came in parts are put together, used again: last used first, so
 * that it is in cache. What a sender announces is not taken at his word: beyond the first megabytes
 * memory grows with what has arrived. Guarded by its inbox.
 */
final class Assembly {
  private static final long MOST_IDLE_BYTES = 64L << 20;
  private static final int FIRST_BYTES = 16 << 20;

  private final Deque<ByteBuffer> idle = new ArrayDeque<>();
  private long idleBytes;

  /** Memory for the beginning of so long a payload, position 0. */
  static ByteBuffer first(int lengthBytes) {
    return ByteBuffer.allocate(Math.min(lengthBytes, FIRST_BYTES));
  }

  /** The same bytes with room for {@code more}; twice as much at least, {@code most} at most. */
  static ByteBuffer grow(ByteBuffer memory, int more, int most) {
    if (memory.remaining() >= more) {
      return memory;
    }
    long wanted = Math.max((long) memory.position() + more, 2L * memory.capacity());
    return ByteBuffer.allocate((int) Math.min(most, wanted)).put(memory.flip());
  }

  /** Memory for so long a payload or, for a long one, its beginning; position 0. */
  ByteBuffer take(int lengthBytes) {
    ByteBuffer last = idle.peek();
    // A longer one would do, but hold memory for nothing.
    if (last != null && last.capacity() >= lengthBytes && last.capacity() <= 2L * lengthBytes) {
      idle.remove();
      idleBytes -= last.capacity();
      return last.clear().limit(lengthBytes);
    }
    return first(lengthBytes);
  }

  /** Whoever took it reads it no more. */
  void giveBack(ByteBuffer memory) {
    int capacity = memory.capacity();
    while (!idle.isEmpty() && idleBytes + capacity > MOST_IDLE_BYTES) {
      idleBytes -= idle.removeLast().capacity();
    }
    if (capacity <= MOST_IDLE_BYTES) {
      idle.push(memory);
      idleBytes += capacity;
    }
  }
}
