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
 * The words of a shm region that are looked at without libfabric ({@code struct smr_region}: … base
 * address, lock, signal …, offsets of queues …).
 *
 * <p>The spin lock: provider shm waits for it inside the call, so a process that was killed or
 * stopped while it held one would hang every process that sends to it. Looking at it first turns
 * that into back pressure.
 *
 * <p>The counters of the queues: whoever waits reads these and not the lock, whose line of the
 * cache a sender needs several times for one message (measured: with a reader on that line half a
 * round trip takes a third longer).
 *
 * <p>Where all that lies differs between versions of libfabric; it follows the address at which the
 * region's owner has mapped it, which is how it is found.
 */
final class ShmRegion implements AutoCloseable {
  private static final int HEAD_BYTES = 256;

  /** Some hundred nanoseconds, in which an owner that runs is done with a few messages. */
  private static final int SPINS = 20;

  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /**
   * Of libfabric 1.17 and 1.18, where a word behind the lock tells that something has come: as long
   * as it is 0, a poll does nothing but take locks.
   */
  private static final byte SIGNALLING_VERSION = 4;

  /** In that version, from the base address to the offsets of the queues of commands, answers. */
  private static final int COMMANDS = 48;

  private static final int ANSWERS = 56;

  /** In a queue ({@code struct ofi_cirque}), behind its size and mask. */
  private static final int READ_COUNT = 16;

  private static final int WRITE_COUNT = 24;
  private static final int QUEUE_HEAD_BYTES = 32;

  /** Both queues begin below this with the sizes that we open endpoints with. */
  private static final int MOST_BYTES = 1 << 20;

  private final Memory memory;
  private final ByteBuffer head;

  /** Where the address stands at which the owner has mapped the region. */
  private final int base;

  private final int offset;
  private final int freeValue;
  private final boolean signals;

  /** Where the queues begin; 0 when that is not known. */
  private final int commands;

  private final int answers;

  private ShmRegion(Memory memory, int base, int freeValue) {
    this.memory = memory;
    this.head = memory.buffer();
    this.base = base;
    this.offset = base + distance(head.get(0));
    this.freeValue = freeValue;
    this.signals = head.get(0) == SIGNALLING_VERSION;
    this.commands = queue(COMMANDS);
    this.answers = queue(ANSWERS);
  }

  /** Where a queue begins, whose offset stands that far from the base address; 0 if it is none. */
  private int queue(int fromBase) {
    long at = signals ? head.getLong(base + fromBase) : 0;
    boolean there = at > base && at % Long.BYTES == 0 && at <= head.capacity() - QUEUE_HEAD_BYTES;
    return there && head.getLong((int) at + Long.BYTES) == head.getLong((int) at) - 1
        ? (int) at
        : 0;
  }

  /** From the base address to the lock in a region of that version; -1 when it is not known. */
  private static int distance(byte version) {
    return switch (version) {
      case 3, 4, 5, 6, 7, 8 -> 8; // libfabric 1.16 to 2.4: the lock of all that is in the region.
      case 9, 10 -> 16; // 2.6: that of its free buffers, behind the size. 2.5: a constant, no lock.
      default -> -1;
    };
  }

  /** This process's own region, whose lock nobody holds yet; null when it is not found. */
  static @Nullable ShmRegion ofOwn(FabricLibrary library, Path region) {
    long mappedAt = mappedAt(region);
    Memory memory = library.map(region, Math.min(MOST_BYTES, sizeBytes(region)));
    ByteBuffer head = memory.buffer().order(ByteOrder.nativeOrder());
    int distance = distance(head.get(0));
    for (int at = 8; at <= HEAD_BYTES - 24 && mappedAt != 0 && distance > 0; at += 8) {
      if (head.getLong(at) == mappedAt) {
        return new ShmRegion(memory, at, head.getInt(at + distance));
      }
    }
    memory.close();
    return null;
  }

  /** A peer's region, laid out as our own is; null when it has another version. */
  static @Nullable ShmRegion ofPeer(FabricLibrary library, Path region, ShmRegion own) {
    Memory memory = library.map(region, HEAD_BYTES);
    memory.buffer().order(ByteOrder.nativeOrder());
    if (memory.buffer().get(0) != own.head.get(0)) {
      memory.close();
      return null;
    }
    return new ShmRegion(memory, own.base, own.freeValue);
  }

  private static long sizeBytes(Path region) {
    try {
      return Files.size(region);
    } catch (IOException e) {
      return HEAD_BYTES;
    }
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
    return head.getLong(base);
  }

  /** Where in that memory this very number lies. */
  long mappedAtPlace() {
    return mappedAt() + base;
  }

  /** True when somebody has the lock. */
  boolean isHeld() {
    return (int) INTS.getVolatile(head, offset) != freeValue;
  }

  /**
   * As {@link #isHeld}, just before it is to be taken: waits a moment for who holds it. Writing
   * what is there already brings it into this core's cache once, where reading it first would have
   * it brought twice.
   */
  boolean isBusy() {
    boolean busy = (int) INTS.compareAndExchange(head, offset, freeValue, freeValue) != freeValue;
    for (int spins = 0; busy && spins < SPINS; spins++) {
      Thread.onSpinWait();
      busy = isHeld();
    }
    return busy;
  }

  /** True when nothing has come into the region; false as well where regions do not tell. */
  boolean isQuiet() {
    return signals && (int) INTS.getVolatile(head, offset + Integer.BYTES) == 0;
  }

  /**
   * True when no command and no answer waits in the region's queues, which nearly always means that
   * it is quiet: for one's own region, to be asked as often as one likes. False where that is not
   * known.
   */
  boolean isEmpty() {
    return commands > 0 && answers > 0 && isEmpty(commands) && isEmpty(answers);
  }

  private boolean isEmpty(int queue) {
    return (long) LONGS.getVolatile(head, queue + WRITE_COUNT)
        == (long) LONGS.getVolatile(head, queue + READ_COUNT);
  }

  /** Frees the lock for good; only when who held it is dead. */
  void breakOpen() {
    INTS.setVolatile(head, offset, freeValue);
  }

  @Override
  public void close() {
    memory.close();
  }
}
