package io.nfspawn.transport.fabric.ffi;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/** Whether memory is there for threads other than that of its arena. Made by reflection. */
public final class SegmentCheck implements Predicate<ByteBuffer> {
  /** Never started: any thread but the ones that have arenas. */
  private static final Thread ANOTHER = new Thread(() -> {}, "spawn-memory-reader");

  @Override
  public boolean test(ByteBuffer memory) {
    MemorySegment segment = MemorySegment.ofBuffer(memory);
    return segment.isAccessibleBy(ANOTHER) && segment.scope().isAlive();
  }
}
