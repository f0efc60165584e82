package io.nfspawn.agent.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.charset.Charset;
import java.util.List;

/** Strings as C has them, in the encoding that the JDK itself uses for paths. */
final class CText {
  private static final Charset ENCODING = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private CText() {}

  static MemorySegment of(String text, SegmentAllocator memory) {
    byte[] bytes = text.getBytes(ENCODING);
    MemorySegment ended = memory.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, ended, JAVA_BYTE, 0, bytes.length);
    ended.set(JAVA_BYTE, bytes.length, (byte) 0);
    return ended;
  }

  /** An array of pointers that ends with a null one. */
  static MemorySegment pointers(List<MemorySegment> targets, SegmentAllocator memory) {
    MemorySegment array = memory.allocate(ADDRESS, targets.size() + 1L);
    for (int i = 0; i < targets.size(); i++) {
      array.setAtIndex(ADDRESS, i, targets.get(i));
    }
    array.setAtIndex(ADDRESS, targets.size(), MemorySegment.NULL);
    return array;
  }
}
