package io.nfspawn.transport.fabric;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Registrations of one piece of memory with every rail: all of them, or none. */
final class Registrations {
  private Registrations() {}

  /**
   * @throws FabricException when a rail refuses; none is left then
   */
  static List<MemoryRegion> of(List<RdmEndpoint> rails, ByteBuffer memory, boolean written) {
    List<MemoryRegion> regions = new ArrayList<>(rails.size());
    try {
      rails.forEach(rail -> regions.add(rail.register(memory, written)));
      return List.copyOf(regions);
    } catch (RuntimeException e) {
      try {
        close(regions);
      } catch (RuntimeException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  static void close(List<MemoryRegion> regions) {
    new Closing().thenEach(regions, MemoryRegion::close).end();
  }
}
