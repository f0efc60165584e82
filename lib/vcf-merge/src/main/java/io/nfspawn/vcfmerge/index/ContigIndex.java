package io.nfspawn.vcfmerge.index;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;

/**
 * Bins, windows and counts of one contig. Offsets are positions of the writer while records are
 * added and virtual file offsets after {@link #complete}.
 */
final class ContigIndex {
  private static final long NONE = -1;

  /** htslib's HTS_MIN_MARKER_DIST: a bin that spans less than this goes into its parent. */
  private static final long MIN_BIN_BYTES = 0x10000;

  final String name;
  final TreeMap<Integer, FileRanges> bins = new TreeMap<>();
  long fileStart;
  long fileEnd;
  long records;
  private final BinScheme scheme;
  private long[] windows = new long[16];
  private int windowCount;

  ContigIndex(String name, BinScheme scheme, long fileStart) {
    this.name = name;
    this.scheme = scheme;
    this.fileStart = fileStart;
    Arrays.fill(windows, NONE);
  }

  void addRange(int bin, long start, long end) {
    bins.computeIfAbsent(bin, b -> new FileRanges()).add(start, end);
  }

  /** Remembers the first record that touches each window. */
  void addToWindows(long start, long end, long offset) {
    int first = (int) (start >> scheme.minShift());
    int last = (int) ((end - 1) >> scheme.minShift());
    if (last >= windows.length) {
      int before = windows.length;
      windows = Arrays.copyOf(windows, Math.max(last + 1, before * 2));
      Arrays.fill(windows, before, windows.length, NONE);
    }
    for (int w = first; w <= last; w++) {
      if (windows[w] == NONE) {
        windows[w] = offset;
      }
    }
    windowCount = Math.max(windowCount, last + 1);
  }

  int windowCount() {
    return windowCount;
  }

  long window(int w) {
    return windows[w];
  }

  /** Smallest offset at which a record of the bin can begin, for CSI. */
  long lowestOffset(int bin) {
    int window = scheme.firstWindow(bin);
    return window < windowCount ? windows[window] : 0;
  }

  /** Translates to virtual offsets, fills windows that no record touches, merges small bins. */
  void complete(LongUnaryOperator virtualOffset) {
    fileStart = virtualOffset.applyAsLong(fileStart);
    fileEnd = virtualOffset.applyAsLong(fileEnd);
    for (int w = windowCount - 1; w >= 0; w--) {
      windows[w] = windows[w] == NONE ? windows[w + 1] : virtualOffset.applyAsLong(windows[w]);
    }
    bins.replaceAll((bin, ranges) -> translate(ranges, virtualOffset));
    for (int level = scheme.depth(); level > 0; level--) {
      mergeIntoParents(level);
    }
    bins.values().forEach(FileRanges::sort);
    bins.values().forEach(FileRanges::joinNeighbours);
  }

  private static FileRanges translate(FileRanges ranges, LongUnaryOperator virtualOffset) {
    FileRanges translated = new FileRanges();
    for (int i = 0; i < ranges.size(); i++) {
      translated.add(
          virtualOffset.applyAsLong(ranges.start(i)), virtualOffset.applyAsLong(ranges.end(i)));
    }
    return translated;
  }

  private void mergeIntoParents(int level) {
    Map<Integer, FileRanges> ofLevel =
        bins.subMap(BinScheme.first(level), BinScheme.first(level + 1));
    ofLevel.entrySet().removeIf(e -> mergedIntoParent(e.getKey(), e.getValue()));
  }

  private boolean mergedIntoParent(int bin, FileRanges ranges) {
    ranges.sort();
    FileRanges parent = bins.get(BinScheme.parent(bin));
    if (parent == null || ranges.compressedSpan() >= MIN_BIN_BYTES) {
      return false;
    }
    parent.addAll(ranges);
    return true;
  }
}
