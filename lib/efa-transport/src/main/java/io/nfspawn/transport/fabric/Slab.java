package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A piece of memory outside the heap that stays registered with every rail as long as the wire is
 * open. Belongs to its pool; who acquired it gives it back.
 */
final class Slab {
  final long address;
  final int sizeBytes;
  private final ByteBuffer memory;
  private final ByteBuffer view;

  /** Returns it to its pool. */
  final Runnable release;

  private List<MemoryRegion> regions = List.of();

  /** Leases that have ended; guarded by the pool. */
  final Deque<Lease> leases = new ArrayDeque<>(1);

  /**
   * @param memory all of it; its pool frees what it is a part of
   */
  Slab(SlabPool pool, FabricLibrary library, ByteBuffer memory) {
    this.release = () -> pool.release(this);
    this.memory = memory;
    this.view = memory.duplicate();
    this.sizeBytes = memory.capacity();
    this.address = library.addressOf(memory);
  }

  /** Its first bytes; the one view there is for who has acquired it, moved back to its start. */
  ByteBuffer view(int lengthBytes) {
    return view.order(ByteOrder.BIG_ENDIAN).clear().limit(lengthBytes);
  }

  /** A new view of all of it. */
  ByteBuffer buffer() {
    return memory.duplicate();
  }

  /**
   * Its registration with each rail; made when first asked for, by the wire's thread.
   *
   * @throws FabricException when a rail refuses
   */
  List<MemoryRegion> regions(List<RdmEndpoint> rails) {
    if (regions.isEmpty()) {
      regions = Registrations.of(rails, memory, true);
    }
    return regions;
  }

  void unregister() {
    List<MemoryRegion> all = regions;
    regions = List.of();
    Registrations.close(all);
  }
}
