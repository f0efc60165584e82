package io.nfspawn.transport.fabric;

import io.nfspawn.transport.fabric.FabricLibrary.Memory;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spin lock at the start of a shm region ({@code struct smr_region}: … base address, lock …).
 * Provider shm waits for it inside the call, so a process that was killed or stopped while it held
 * one would hang every process that sends to it. Looking at it first turns that into back pressure.
 *
 * <p>Where it lies differs between versions of libfabric; it always follows the address at which
 * the region's owner has mapped it, which is how it is found.
 */
final class ShmLock implements AutoCloseable {
  private static final int HEAD_BYTES = 256;
  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final Memory memory;
  private final ByteBuffer head;
  private final int offset;
  private final int freeValue;

  private ShmLock(Memory memory, int offset, int freeValue) {
    this.memory = memory;
    this.head = memory.buffer();
    this.offset = offset;
    this.freeValue = freeValue;
  }

  /** The lock of this process's own region, which nobody holds yet; null when it is not found. */
  static @Nullable ShmLock ofOwn(FabricLibrary library, Path region) {
    long mappedAt = mappedAt(region);
    Memory memory = library.map(region, HEAD_BYTES);
    ByteBuffer head = memory.buffer().order(ByteOrder.nativeOrder());
    for (int at = 8; at <= HEAD_BYTES - 16 && mappedAt != 0; at += 8) {
      if (head.getLong(at) == mappedAt) {
        return new ShmLock(memory, at + 8, head.getInt(at + 8));
      }
    }
    memory.close();
    return null;
  }

  /** The lock of a peer's region, laid out as our own is; null when it has another version. */
  static @Nullable ShmLock ofPeer(FabricLibrary library, Path region, ShmLock own) {
    Memory memory = library.map(region, HEAD_BYTES);
    memory.buffer().order(ByteOrder.nativeOrder());
    if (memory.buffer().get(0) != own.head.get(0)) {
      memory.close();
      return null;
    }
    return new ShmLock(memory, own.offset, own.freeValue);
  }

  private static long mappedAt(Path region) {
    try {
      List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
      for (String line : maps) {
        if (line.endsWith(" " + region)) {
          return Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
        }
      }
    } catch (IOException | NumberFormatException e) {
      // No such file system: the lock stays unknown.
    }
    return 0;
  }

  /** Where the region's owner has it in its memory. */
  long mappedAt() {
    return head.getLong(offset - Long.BYTES);
  }

  /** Where in that memory this very number lies. */
  long mappedAtPlace() {
    return mappedAt() + offset - Long.BYTES;
  }

  boolean isHeld() {
    return (int) INTS.getVolatile(head, offset) != freeValue;
  }

  /** Frees it for good; only when who held it is dead. */
  void breakOpen() {
    INTS.setVolatile(head, offset, freeValue);
  }

  @Override
  public void close() {
    memory.close();
  }
}
