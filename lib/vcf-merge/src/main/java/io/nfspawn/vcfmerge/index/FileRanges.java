package io.nfspawn.vcfmerge.index;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Growing list of pairs of virtual offsets: the chunks of one bin. */
final class FileRanges {
  private long[] starts = new long[1];
  private long[] ends = new long[1];
  private int size;

  void add(long start, long end) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    starts[size] = start;
    ends[size++] = end;
  }

  void addAll(FileRanges other) {
    for (int i = 0; i < other.size; i++) {
      add(other.starts[i], other.ends[i]);
    }
  }

  int size() {
    return size;
  }

  long start(int i) {
    return starts[i];
  }

  long end(int i) {
    return ends[i];
  }

  /** Compressed bytes from the block of the first start to the block of the last end. */
  long compressedSpan() {
    return (ends[size - 1] >>> 16) - (starts[0] >>> 16);
  }

  void sort() {
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(i -> starts[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    starts = Arrays.stream(order).mapToLong(i -> starts[i]).toArray();
    ends = Arrays.stream(order).mapToLong(i -> ends[i]).toArray();
  }

  /** Joins ranges that meet in one BGZF block: reading one reads the block of the other anyway. */
  void joinNeighbours() {
    int last = 0;
    for (int i = 1; i < size; i++) {
      if (ends[last] >>> 16 >= starts[i] >>> 16) {
        ends[last] = Math.max(ends[last], ends[i]);
      } else {
        last++;
        starts[last] = starts[i];
        ends[last] = ends[i];
      }
    }
    size = Math.min(size, last + 1);
  }
}
