package io.nfspawn.transport;

import org.jspecify.annotations.Nullable;

/**
 * Bounded stock of {@linkplain RegisteredBuffer registered memory} of one channel. Thread-safe; it
 * is closed with its channel, and buffers must not be used after that.
 */
public interface BufferPool {

  /**
   * A cleared buffer of at least {@code lengthBytes}, its limit set to that; null when the pool has
   * no room for it now.
   *
   * @throws IllegalArgumentException when it is larger than the whole pool
   */
  @Nullable RegisteredBuffer tryAcquire(int lengthBytes);

  /** Bytes that are out of the pool now: 0 once every owner has closed what it acquired. */
  long inUseBytes();

  /** Most bytes that can be out at the same time. */
  long capacityBytes();
}
