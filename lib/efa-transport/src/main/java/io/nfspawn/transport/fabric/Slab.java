package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A piece of memory outside the heap that stays registered with every rail as long as the wire is
 * open. Belongs to its pool; who acquired it gives it back.
 */
final class Slab {
  final long address;
  final int sizeBytes;
  private final FabricLibrary.Memory memory;
  private List<MemoryRegion> regions = List.of();

  Slab(FabricLibrary library, int sizeBytes) {
    this.memory = library.allocate(sizeBytes);
    this.sizeBytes = sizeBytes;
    this.address = library.addressOf(memory.buffer());
  }

  /** All of it; position and limit are nobody's. */
  ByteBuffer whole() {
    return memory.buffer();
  }

  /** A new view of all of it. */
  ByteBuffer buffer() {
    return memory.buffer().duplicate();
  }

  /** Its registration with each rail; made when first asked for, by the wire's thread. */
  List<MemoryRegion> regions(List<RdmEndpoint> rails) {
    if (regions.isEmpty()) {
      regions = rails.stream().map(rail -> rail.register(memory.buffer(), true)).toList();
    }
    return regions;
  }

  void unregister() {
    regions.forEach(MemoryRegion::close);
    regions = List.of();
  }

  void free() {
    memory.close();
  }
}
