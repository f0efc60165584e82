package io.nfspawn.transport.fabric.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An object of libfabric. Using one that has been closed would end the process, so nobody gets its
 * pointer any more.
 */
final class Fid implements AutoCloseable {
  private final String kind;
  private final MemorySegment pointer;
  private boolean closed;

  private Fid(String kind, MemorySegment pointer) {
    this.kind = kind;
    this.pointer = pointer;
  }

  /** A C function that writes a pointer to what it opened. */
  @FunctionalInterface
  interface Opener {
    int open(MemorySegment result);
  }

  static Fid open(NativeLibrary library, String call, Opener opener) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      library.check(call, opener.open(result));
      return new Fid(call, result.get(ValueLayout.ADDRESS, 0));
    }
  }

  MemorySegment pointer() {
    if (closed) {
      throw new IllegalStateException("what " + call() + " opened has been closed");
    }
    return pointer;
  }

  /** As {@link #pointer}, as a number. */
  long address() {
    return pointer().address();
  }

  private String call() {
    return kind;
  }

  /** The function {@code name} of the table in {@code field} of this object. */
  MemorySegment function(Struct object, String field, Struct operations, String name) {
    return Pointers.function(Pointers.follow(pointer(), object, field), operations, name);
  }

  void bind(NativeLibrary library, Fid other, long flags) {
    MemorySegment bind = function(Structs.FID, "ops", Structs.FI_OPS, "bind");
    library.check("fi_ep_bind", Native.bind(bind, pointer(), other.pointer(), flags));
  }

  void enable(NativeLibrary library) {
    MemorySegment control = function(Structs.FID, "ops", Structs.FI_OPS, "control");
    library.check("fi_enable", Native.control(control, pointer(), Constants.FI_ENABLE));
  }

  /** Closes it once. What it needs must still be open, what needs it must be closed. */
  @Override
  public void close() {
    if (!closed) {
      MemorySegment close = function(Structs.FID, "ops", Structs.FI_OPS, "close");
      closed = true;
      int code = Native.close(close, pointer);
      if (code != 0) {
        throw new IllegalStateException("cannot close what " + kind + " opened: error " + code);
      }
    }
  }
}
