package io.nfspawn.transport.fabric;

import io.nfspawn.transport.fabric.FabricLibrary.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Registered memory for short messages, in slots of one size that are numbered from {@code first}.
 * Grows in blocks. Owned by the wire's thread.
 */
final class Slots {
  private final FabricLibrary library;
  private final RdmEndpoint endpoint;
  private final int first;
  private final int most;
  private final int slotBytes;
  private final int blockSlots;
  private final List<Memory> memory = new ArrayList<>();
  private final List<MemoryRegion> regions = new ArrayList<>();
  private final List<ByteBuffer> views = new ArrayList<>();

  Slots(
      FabricLibrary library,
      RdmEndpoint endpoint,
      int first,
      int most,
      int slotBytes,
      int blockSlots) {
    this.library = library;
    this.endpoint = endpoint;
    this.first = first;
    this.most = most;
    this.slotBytes = slotBytes;
    this.blockSlots = blockSlots;
  }

  /** Adds a block; the number of its first slot, or -1 when there are as many as there may be. */
  int grow() {
    int count = views.size();
    if (count + blockSlots > most) {
      return -1;
    }
    Memory block = library.allocate((long) slotBytes * blockSlots);
    memory.add(block);
    regions.add(endpoint.register(block.buffer(), true));
    for (int i = 0; i < blockSlots; i++) {
      views.add(block.buffer().slice(i * slotBytes, slotBytes));
    }
    return first + count;
  }

  int blockSlots() {
    return blockSlots;
  }

  int size() {
    return views.size();
  }

  boolean holds(int slot) {
    return slot >= first && slot < first + views.size();
  }

  /** The slot's memory, its position and limit as they were left. */
  ByteBuffer view(int slot) {
    return views.get(slot - first);
  }

  MemoryRegion region(int slot) {
    return regions.get((slot - first) / blockSlots);
  }

  long offset(int slot) {
    return (long) ((slot - first) % blockSlots) * slotBytes;
  }

  void unregister() {
    regions.forEach(MemoryRegion::close);
    regions.clear();
  }

  void free() {
    memory.forEach(Memory::close);
    memory.clear();
  }
}
