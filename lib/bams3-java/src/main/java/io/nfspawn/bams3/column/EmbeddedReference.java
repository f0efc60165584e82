package io.nfspawn.bams3.column;

import java.util.Arrays;

/**
 * The reference bases that a page carries: segments of the contig, end to end in one array of
 * nibbles, and the same packed as BAM packs bases, once for each parity, so that runs of matching
 * bases are compared and copied a byte at a time.
 */
final class EmbeddedReference {
  /** Bases a page may carry, unless it has more raw bytes than that. */
  static final int MAX_BASES = 1 << 22;

  private int[] segmentStart = new int[16];
  private int[] segmentEnd = new int[16];

  /** Where each segment starts in {@link #nibbles}. */
  private int[] segmentAt = new int[16];

  private int segments;
  private int last;
  private int bases;
  private byte[] nibbles = new byte[1 << 14];
  private byte[] even = new byte[1 << 13];
  private byte[] odd = new byte[1 << 13];

  void clear() {
    segments = 0;
    last = 0;
    bases = 0;
  }

  void addSegment(int start, int end) {
    if (segments == segmentStart.length) {
      segmentStart = Arrays.copyOf(segmentStart, 2 * segments);
      segmentEnd = Arrays.copyOf(segmentEnd, 2 * segments);
      segmentAt = Arrays.copyOf(segmentAt, 2 * segments);
    }
    segmentStart[segments] = start;
    segmentEnd[segments] = end;
    segmentAt[segments++] = bases;
    bases += end - start;
  }

  int segments() {
    return segments;
  }

  int segmentStart(int segment) {
    return segmentStart[segment];
  }

  int segmentEnd(int segment) {
    return segmentEnd[segment];
  }

  int bases() {
    return bases;
  }

  /** One nibble a base; all zero after {@link #makeRoom()}. */
  byte[] nibbles() {
    return nibbles;
  }

  void makeRoom() {
    if (nibbles.length < bases) {
      nibbles = new byte[bases + bases / 4];
      even = new byte[nibbles.length / 2 + 2];
      odd = new byte[nibbles.length / 2 + 2];
    }
    Arrays.fill(nibbles, 0, bases, (byte) 0);
  }

  /** Packs the nibbles for comparing and copying. */
  void pack() {
    for (int i = 0; i + 1 < bases; i += 2) {
      even[i >> 1] = (byte) (nibbles[i] << 4 | nibbles[i + 1]);
    }
    for (int i = 1; i + 1 < bases; i += 2) {
      odd[(i + 1) >> 1] = (byte) (nibbles[i] << 4 | nibbles[i + 1]);
    }
  }

  /** Packed bases for runs that start at an even or odd index; pairs lie at (index + 1) / 2. */
  byte[] packed(int index) {
    return (index & 1) == 0 ? even : odd;
  }

  /** Where a position's base lies in {@link #nibbles()}; -1 when the run is not in one segment. */
  int indexOf(int start, long end) {
    if (segments == 0) {
      return -1;
    }
    int segment = last;
    if (segment >= segments || start < segmentStart[segment] || start >= segmentEnd[segment]) {
      segment = find(start);
      last = segment;
    }
    return start >= segmentStart[segment] && end <= segmentEnd[segment]
        ? segmentAt[segment] + (start - segmentStart[segment])
        : -1;
  }

  /** The last segment that starts at or before a position, or the first. */
  private int find(int start) {
    int low = 0;
    int high = segments - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segmentStart[middle] <= start) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
