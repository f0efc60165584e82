package io.nfspawn.transport.fabric;

import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.wire.PooledBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * All registered memory of a wire, in powers of two, last used first used again so that it stays in
 * cache. Thread-safe; only the wire's thread registers.
 */
final class SlabPool {
  private static final int SMALLEST_BYTES = 16 << 10;
  private static final int LARGEST_BYTES = 1 << 30;

  /** Shorter slabs are cut from blocks of this size, which is that of a huge page. */
  private static final int BLOCK_BYTES = 2 << 20;

  private final FabricLibrary library;
  private final Map<Integer, Deque<Slab>> idle = new HashMap<>();
  private final ConcurrentSkipListMap<Long, Slab> byAddress = new ConcurrentSkipListMap<>();
  private final List<FabricLibrary.Memory> memory = new ArrayList<>();

  /** The block that slabs are cut from, position before what is left of it. */
  private ByteBuffer block = ByteBuffer.allocate(0);

  private long heldBytes;
  private long allBytes;
  private boolean closed;

  SlabPool(FabricLibrary library) {
    this.library = library;
  }

  synchronized Slab acquire(int lengthBytes) {
    if (closed) {
      throw new IllegalStateException("the wire has been closed");
    }
    int size = sizeFor(lengthBytes);
    Slab slab = idle.computeIfAbsent(size, s -> new ArrayDeque<>()).poll();
    if (slab == null) {
      slab = new Slab(library, cut(size));
      byAddress.put(slab.address, slab);
      allBytes += size;
    }
    heldBytes += size;
    return slab;
  }

  private ByteBuffer cut(int sizeBytes) {
    if (sizeBytes >= BLOCK_BYTES) {
      return allocate(sizeBytes);
    }
    ByteBuffer from = block.remaining() < sizeBytes ? allocate(BLOCK_BYTES) : block;
    ByteBuffer part = from.slice(from.position(), sizeBytes);
    from.position(from.position() + sizeBytes);
    if (from.remaining() > block.remaining()) {
      block = from;
    }
    return part;
  }

  private ByteBuffer allocate(int sizeBytes) {
    FabricLibrary.Memory more = library.allocate(sizeBytes);
    memory.add(more);
    return more.buffer();
  }

  private static int sizeFor(int lengthBytes) {
    if (lengthBytes > LARGEST_BYTES) {
      return lengthBytes;
    }
    return Math.max(
        SMALLEST_BYTES, lengthBytes <= 1 ? 1 : Integer.highestOneBit(lengthBytes - 1) << 1);
  }

  synchronized void release(Slab slab) {
    heldBytes -= slab.sizeBytes;
    if (!closed) {
      idle.computeIfAbsent(slab.sizeBytes, s -> new ArrayDeque<>()).push(slab);
    }
  }

  /** The slab that holds {@code address}, if one does. */
  @Nullable Slab find(long address) {
    Map.Entry<Long, Slab> before = byAddress.floorEntry(address);
    return before != null && address < before.getKey() + before.getValue().sizeBytes
        ? before.getValue()
        : null;
  }

  /** Bytes that somebody holds. */
  synchronized long heldBytes() {
    return heldBytes;
  }

  /** Bytes there are, idle ones included. */
  synchronized long allBytes() {
    return allBytes;
  }

  Collection<Slab> all() {
    return byAddress.values();
  }

  /** Frees all of it; whoever still holds a buffer gets an exception from it, not a crash. */
  synchronized void close() {
    closed = true;
    idle.clear();
    memory.forEach(FabricLibrary.Memory::close);
    memory.clear();
    byAddress.clear();
  }

  /** The part of this pool that an application may hold. */
  BufferPool bounded(long capacityBytes) {
    return new Bounded(capacityBytes);
  }

  private final class Bounded implements BufferPool {
    private final long capacityBytes;
    private long inUseBytes;

    Bounded(long capacityBytes) {
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
      Slab slab = acquire(lengthBytes);
      inUseBytes += slab.sizeBytes;
      return new PooledBuffer(slab.buffer().limit(lengthBytes), () -> giveBack(slab));
    }

    private void giveBack(Slab slab) {
      synchronized (this) {
        inUseBytes -= slab.sizeBytes;
      }
      release(slab);
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
}
