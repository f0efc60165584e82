package io.nfspawn.transport.fabric.ffi;

import static io.nfspawn.transport.fabric.ffi.Structs.IOVEC;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nfspawn.transport.fabric.MemoryRegion;
import io.nfspawn.transport.fabric.PeerMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code process_vm_readv}, which Linux has. */
final class ProcessMemory implements PeerMemory {
  private static final Optional<MemorySegment> READ =
      Linker.nativeLinker().defaultLookup().find("process_vm_readv");
  private static final long BASE = IOVEC.offset("iov_base");
  private static final long LENGTH = IOVEC.offset("iov_len");

  private final MemorySegment function;
  private final int process;
  private final MemorySegment here = Arena.ofAuto().allocate(IOVEC.layout());
  private final MemorySegment there = Arena.ofAuto().allocate(IOVEC.layout());

  private ProcessMemory(MemorySegment function, int process) {
    this.function = function;
    this.process = process;
  }

  /** That of a process; null when this system has no such call. */
  static @Nullable PeerMemory of(int process) {
    return READ.map(function -> new ProcessMemory(function, process)).orElse(null);
  }

  @Override
  public boolean read(long address, ByteBuffer into, int lengthBytes) {
    MemorySegment target = MemorySegment.ofBuffer(into);
    if (!into.isDirect() || lengthBytes > target.byteSize()) {
      throw new IllegalArgumentException(
          "no direct memory of " + lengthBytes + " bytes: " + target.byteSize());
    }
    try {
      return read(address, target.address(), lengthBytes);
    } finally {
      Reference.reachabilityFence(into);
    }
  }

  @Override
  public boolean read(long address, MemoryRegion into, int lengthBytes) {
    return read(address, ((Registrar.Region) into).address(0, lengthBytes), lengthBytes);
  }

  private boolean read(long address, long into, int lengthBytes) {
    for (long done = 0; done < lengthBytes; ) {
      set(here, into + done, lengthBytes - done);
      set(there, address + done, lengthBytes - done);
      long read = Native.readProcess(function, process, here, there);
      if (read <= 0) {
        return false;
      }
      done += read;
    }
    return true;
  }

  private static void set(MemorySegment iovec, long address, long lengthBytes) {
    iovec.set(JAVA_LONG, BASE, address);
    iovec.set(JAVA_LONG, LENGTH, lengthBytes);
  }
}
