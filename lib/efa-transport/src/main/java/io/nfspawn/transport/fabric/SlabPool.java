package io.nfspawn.transport.fabric;

import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.wire.PooledBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
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
  private final List<Deque<Slab>> idle = new ArrayList<>();
  private final Deque<Slab> idleLarge = new ArrayDeque<>();
  private final Deque<Landing> idleLandings = new ArrayDeque<>();

  /** In the order of their addresses; null behind the first {@link #slabs}. */
  private @Nullable Slab[] byAddress = new Slab[64];

  private int slabs;

  /**
   * Slabs by views of all of them, those of applications and of leases: a buffer tells its address
   * only to who makes a segment of it.
   */
  private final IdentityHashMap<ByteBuffer, Slab> views = new IdentityHashMap<>();

  private final List<FabricLibrary.Memory> memory = new ArrayList<>();

  /** The block that slabs are cut from, position before what is left of it. */
  private ByteBuffer block = ByteBuffer.allocate(0);

  private long heldBytes;
  private long allBytes;
  private boolean closed;

  SlabPool(FabricLibrary library) {
    this.library = library;
    for (int size = 0; 1L << size <= LARGEST_BYTES; size++) {
      idle.add(new ArrayDeque<>());
    }
  }

  /** One for that many bytes, with one holder. */
  synchronized Landing landing(int lengthBytes) {
    Landing landing = idleLandings.poll();
    return (landing == null ? new Landing(this) : landing).begin(lengthBytes);
  }

  synchronized Slab acquire(int lengthBytes) {
    if (closed) {
      throw new IllegalStateException("the wire has been closed");
    }
    int size = sizeFor(lengthBytes);
    Slab slab = takeIdle(size);
    if (slab == null) {
      slab = new Slab(this, library, cut(size));
      add(slab);
      allBytes += size;
    }
    heldBytes += size;
    return slab;
  }

  private @Nullable Slab takeIdle(int sizeBytes) {
    if (sizeBytes <= LARGEST_BYTES) {
      return idleOf(sizeBytes).poll();
    }
    for (Slab slab : idleLarge) {
      if (slab.sizeBytes == sizeBytes) {
        idleLarge.remove(slab);
        return slab;
      }
    }
    return null;
  }

  /** Sizes up to the largest are powers of two. */
  private Deque<Slab> idleOf(int sizeBytes) {
    return sizeBytes > LARGEST_BYTES
        ? idleLarge
        : idle.get(Integer.numberOfTrailingZeros(sizeBytes));
  }

  private void add(Slab slab) {
    if (slabs == byAddress.length) {
      byAddress = Arrays.copyOf(byAddress, 2 * slabs);
    }
    int place = before(slab.address) + 1;
    System.arraycopy(byAddress, place, byAddress, place + 1, slabs - place);
    byAddress[place] = slab;
    slabs++;
  }

  /** Place of the last slab that begins at {@code address} or before; -1 if none does. */
  private int before(long address) {
    int low = 0;
    int high = slabs - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Slab slab = byAddress[middle];
      if (slab != null && slab.address <= address) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
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
      idleOf(slab.sizeBytes).push(slab);
    }
  }

  /** Nobody holds it any more, nor its memory if it took some. */
  synchronized void release(Landing landing, @Nullable Slab slab) {
    if (slab != null) {
      release(slab);
    }
    idleLandings.push(landing);
  }

  /** A view of memory that an application has acquired, for an item of it; null of any other. */
  synchronized @Nullable Lease lease(ByteBuffer memory) {
    Slab slab = views.get(memory);
    return slab == null ? null : lease(slab).begin(memory.position(), memory.remaining());
  }

  private Lease lease(Slab slab) {
    Lease idle = slab.leases.poll();
    if (idle != null) {
      return idle;
    }
    Lease lease = new Lease(this, slab);
    views.put(lease.buffer(), slab);
    return lease;
  }

  synchronized void release(Lease lease) {
    lease.slab.leases.push(lease);
  }

  /** The slab whose place 0 is that of this very buffer; null of other views of slabs too. */
  synchronized @Nullable Slab of(ByteBuffer view) {
    return views.get(view);
  }

  /** The slab that holds {@code address}, if one does. */
  synchronized @Nullable Slab find(long address) {
    int place = before(address);
    Slab slab = place < 0 ? null : byAddress[place];
    return slab != null && address < slab.address + slab.sizeBytes ? slab : null;
  }

  /** Bytes that somebody holds. */
  synchronized long heldBytes() {
    return heldBytes;
  }

  /** Bytes there are, idle ones included. */
  synchronized long allBytes() {
    return allBytes;
  }

  synchronized void unregister() {
    Closing closing = new Closing();
    for (int i = 0; i < slabs; i++) {
      Slab slab = byAddress[i];
      if (slab != null) {
        closing.then(slab::unregister);
      }
    }
    closing.end();
  }

  /**
   * Frees all of it; whoever still holds a buffer gets an exception from it, not a crash. What is
   * in the middle of being read or written is freed when that has ended.
   */
  synchronized void close() {
    closed = true;
    idle.forEach(Deque::clear);
    idleLarge.clear();
    views.clear();
    Arrays.fill(byAddress, null);
    slabs = 0;
    List<FabricLibrary.Memory> all = List.copyOf(memory);
    memory.clear();
    new Closing().thenEach(all, FabricLibrary.Memory::close).end();
  }

  private synchronized void know(ByteBuffer memory, Slab slab) {
    views.put(memory, slab);
  }

  private synchronized void forget(ByteBuffer memory) {
    views.remove(memory);
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
      ByteBuffer memory = slab.buffer().limit(lengthBytes);
      know(memory, slab);
      return new PooledBuffer(memory, () -> giveBack(memory, slab));
    }

    private void giveBack(ByteBuffer memory, Slab slab) {
      synchronized (this) {
        inUseBytes -= slab.sizeBytes;
      }
      forget(memory);
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
