package io.nfspawn.transport.fabric.ffi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Follows pointers that libfabric returned, whose targets it owns. */
@SuppressWarnings("restricted") // Calling foreign functions is what this package is for.
final class Pointers {
  private static final long MOST_TEXT_BYTES = 4096;

  private Pointers() {}

  /** The pointer in {@code field} of the struct at {@code pointer}. */
  static MemorySegment follow(MemorySegment pointer, Struct struct, String field) {
    return at(pointer, struct).get(ValueLayout.ADDRESS, struct.offset(field));
  }

  /** The struct at {@code pointer}. */
  static MemorySegment at(MemorySegment pointer, Struct struct) {
    if (pointer.address() == 0) {
      throw new IllegalStateException("libfabric returned no " + struct.name());
    }
    return pointer.reinterpret(struct.sizeBytes());
  }

  /** A C string; empty for NULL. */
  static String text(MemorySegment pointer) {
    return pointer.address() == 0 ? "" : pointer.reinterpret(MOST_TEXT_BYTES).getString(0);
  }

  /**
   * A function of an operations table.
   *
   * @throws IllegalStateException when the table of this version ends before it or it is NULL
   */
  static MemorySegment function(MemorySegment table, Struct operations, String name) {
    long offset = operations.offset(name);
    long sizeBytes = table.reinterpret(8).get(ValueLayout.JAVA_LONG, 0);
    MemorySegment function =
        sizeBytes < offset + 8
            ? MemorySegment.NULL
            : table.reinterpret(offset + 8).get(ValueLayout.ADDRESS, offset);
    if (function.address() == 0) {
      throw new IllegalStateException("this libfabric has no " + operations.name() + "." + name);
    }
    return function;
  }
}
