package io.nfspawn.transport.core;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Memory in which payloads that came in parts are put together, used again: last used first, so
 * that it is in cache. Guarded by its inbox.
 */
final class Assembly {
  private static final long MOST_IDLE_BYTES = 64L << 20;

  private final Deque<ByteBuffer> idle = new ArrayDeque<>();
  private long idleBytes;

  /** Memory of that length, position 0. */
  ByteBuffer take(int lengthBytes) {
    ByteBuffer last = idle.peek();
    // A longer one would do, but hold memory for nothing.
    if (last != null && last.capacity() >= lengthBytes && last.capacity() <= 2L * lengthBytes) {
      idle.remove();
      idleBytes -= last.capacity();
      return last.clear().limit(lengthBytes);
    }
    return ByteBuffer.allocate(lengthBytes);
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
