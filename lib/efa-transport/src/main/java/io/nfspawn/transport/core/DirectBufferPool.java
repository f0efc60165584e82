package io.nfspawn.transport.core;

import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.wire.PooledBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pool of plain direct memory in powers of two: what registered memory is where no device is. */
final class DirectBufferPool implements BufferPool {
  private static final int SMALLEST_BYTES = 4096;

  private final long capacityBytes;
  private final Map<Integer, Deque<ByteBuffer>> idle = new HashMap<>();
  private long inUseBytes;
  private long allocatedBytes;

  DirectBufferPool(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  @Override
  public synchronized @Nullable RegisteredBuffer tryAcquire(int lengthBytes) {
    int size = sizeFor(lengthBytes);
    if (size > capacityBytes) {
      throw new IllegalArgumentException(
          "buffer of "
              + lengthBytes
              + " bytes, the whole pool has "
              + capacityBytes
              + "; raise poolBytes");
    }
    if (inUseBytes + size > capacityBytes) {
      return null;
    }
    ByteBuffer memory = idle.computeIfAbsent(size, s -> new ArrayDeque<>()).poll();
    if (memory == null) {
      if (allocatedBytes + size > capacityBytes) {
        // Idle memory of other sizes must not add to the bound.
        idle.values().forEach(Deque::clear);
        allocatedBytes = inUseBytes;
      }
      memory = ByteBuffer.allocateDirect(size);
      allocatedBytes += size;
    }
    inUseBytes += size;
    ByteBuffer owned = memory.clear().limit(lengthBytes);
    return new PooledBuffer(owned, () -> giveBack(owned, size));
  }

  private static int sizeFor(int lengthBytes) {
    if (lengthBytes <= SMALLEST_BYTES) {
      return SMALLEST_BYTES;
    }
    return lengthBytes > 1 << 30 ? lengthBytes : Integer.highestOneBit(lengthBytes - 1) << 1;
  }

  private synchronized void giveBack(ByteBuffer memory, int size) {
    inUseBytes -= size;
    idle.computeIfAbsent(size, s -> new ArrayDeque<>()).push(memory);
  }

  @Override
  public synchronized long inUseBytes() {
    return inUseBytes;
  }

  @Override
  public long capacityBytes() {
    return capacityBytes;
  }
}
