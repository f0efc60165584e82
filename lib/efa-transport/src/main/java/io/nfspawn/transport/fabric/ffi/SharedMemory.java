package io.nfspawn.transport.fabric.ffi;

import java.nio.ByteBuffer;
import java.util.function.Predicate;

/**
 * Tells memory that any thread may read from memory of a confined arena. JDKs that are older than
 * {@value Libfabric#FIRST_JDK} have no such arenas.
 */
public final class SharedMemory {
  private static final String CHECK = SharedMemory.class.getPackageName() + ".SegmentCheck";
  private static final Predicate<ByteBuffer> READABLE = find();

  private SharedMemory() {}

  /** False when it was freed, too: whoever reads it gets an exception. */
  public static boolean isReadable(ByteBuffer memory) {
    return !memory.isDirect() || READABLE.test(memory);
  }

  @SuppressWarnings("unchecked") // Our own class.
  private static Predicate<ByteBuffer> find() {
    if (Runtime.version().feature() < Libfabric.FIRST_JDK) {
      return memory -> true;
    }
    try {
      Class<?> check = Class.forName(CHECK);
      return (Predicate<ByteBuffer>)
          check.asSubclass(Predicate.class).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      return memory -> true; // A build without the part for newer JDKs.
    }
  }
}
