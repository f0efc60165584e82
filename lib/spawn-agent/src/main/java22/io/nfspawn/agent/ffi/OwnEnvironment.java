package io.nfspawn.agent.ffi;

import io.nfspawn.agent.process.Launch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The environment that this program was started with, byte for byte as C has it, and the
 * environments of its children made from it. Immutable, thread-safe.
 */
final class OwnEnvironment {
  private static final Path BLOCK = Path.of("/proc/self/environ");

  private record Entry(String name, MemorySegment text) {}

  private final List<Entry> entries;

  private OwnEnvironment(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** Entries are {@code NAME=value}, each ended by a zero byte; they are never freed. */
  static OwnEnvironment read() throws IOException {
    var entries = new ArrayList<Entry>();
    for (String entry :
        new String(Files.readAllBytes(BLOCK), StandardCharsets.ISO_8859_1).split("\0", -1)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        entries.add(
            new Entry(
                entry.substring(0, equals),
                Arena.global().allocateFrom(entry, StandardCharsets.ISO_8859_1)));
      }
    }
    return new OwnEnvironment(entries);
  }

  /** As {@code execve} takes it: pointers, the last one null. */
  MemorySegment of(Launch launch, SegmentAllocator memory) {
    var pointers = new ArrayList<MemorySegment>();
    for (Entry entry : entries) {
      if (!launch.withheld().contains(entry.name())
          && !launch.environment().containsKey(entry.name())) {
        pointers.add(entry.text());
      }
    }
    launch
        .environment()
        .forEach((name, value) -> pointers.add(CText.of(name + "=" + value, memory)));
    return CText.pointers(pointers, memory);
  }
}
