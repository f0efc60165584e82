package io.nfspawn.transport.fabric.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Memory in pages of 2 MiB where Linux has them ({@code transparent_hugepage} not {@code never}).
 * Who reads another process's memory has each page of it looked up and pinned: with pages of 4 KiB
 * that takes as long as the copy (measured 87 µs for 1 MiB, 41 µs out of a page of 2 MiB).
 */
@SuppressWarnings("restricted") // Calling foreign functions is what this package is for.
final class HugePages {
  static final long PAGE_BYTES = 2 << 20;

  private static final Optional<MemorySegment> MAP = find("mmap");
  private static final Optional<MemorySegment> UNMAP = find("munmap");
  private static final Optional<MemorySegment> ADVISE = find("madvise");

  private HugePages() {}

  private static Optional<MemorySegment> find(String function) {
    return Linker.nativeLinker().defaultLookup().find(function);
  }

  /**
   * Zeroed memory that begins at such a page and is given back when {@code arena} closes; null when
   * this system has none to give.
   */
  static @Nullable MemorySegment allocate(Arena arena, long sizeBytes) {
    if (MAP.isEmpty() || UNMAP.isEmpty() || ADVISE.isEmpty()) {
      return null;
    }
    long mappedBytes = sizeBytes + PAGE_BYTES;
    long start =
        Native.map(
            MAP.get(),
            mappedBytes,
            Constants.PROT_READ | Constants.PROT_WRITE,
            Constants.MAP_PRIVATE | Constants.MAP_ANONYMOUS);
    if (start == -1) {
      return null;
    }
    long aligned = (start + PAGE_BYTES - 1) & -PAGE_BYTES;
    // Refused, it is memory in small pages. What lies around it is never touched.
    Native.advise(ADVISE.get(), aligned, sizeBytes, Constants.MADV_HUGEPAGE);
    MemorySegment unmap = UNMAP.get();
    return MemorySegment.ofAddress(aligned)
        .reinterpret(sizeBytes, arena, gone -> Native.unmap(unmap, start, mappedBytes));
  }
}
