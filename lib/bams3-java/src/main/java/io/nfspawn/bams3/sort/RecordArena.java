package io.nfspawn.bams3.sort;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records in memory, with their keys. Filled, sorted, read in order, cleared and filled again; its
 * arrays stay. One thread fills and sorts; when sorted, any number may read.
 */
final class RecordArena {
  private static final int SEGMENT_BYTES = 1 << 24;

  /** Key, place and rank, and another key and rank while sorting. */
  private static final int BYTES_AROUND = 8 + 8 + 4 + 8 + 4;

  private static final int RADIX = 1 << 8;

  private final long capacityBytes;
  private final List<byte[]> segments = new ArrayList<>();
  private int segment;
  private int segmentFilled;
  private long heldBytes;

  private int count;
  private long[] keys = new long[1 << 10];
  private int[] order = new int[1 << 10];
  private long[] places = new long[1 << 10];
  private long[] otherKeys = new long[0];
  private int[] otherOrder = new int[0];

  RecordArena(long capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  int count() {
    return count;
  }

  /**
   * Adds a record.
   *
   * @return whether there was room; a first record always has
   */
  boolean add(long key, byte[] bytes, int offset, int lengthBytes) {
    if (count > 0
        && (heldBytes + lengthBytes + BYTES_AROUND > capacityBytes || count == Integer.MAX_VALUE)) {
      return false;
    }
    heldBytes += lengthBytes + BYTES_AROUND;
    byte[] target = room(lengthBytes);
    System.arraycopy(bytes, offset, target, segmentFilled, lengthBytes);
    if (count == keys.length) {
      grow();
    }
    keys[count] = key;
    order[count] = count;
    places[count] = (long) segment << 32 | segmentFilled;
    segmentFilled += lengthBytes;
    count++;
    return true;
  }

  private void grow() {
    int larger = (int) Math.min(Integer.MAX_VALUE - 8, count + (long) count / 2);
    keys = Arrays.copyOf(keys, larger);
    order = Arrays.copyOf(order, larger);
    places = Arrays.copyOf(places, larger);
  }

  /** The segment that takes a record next; larger records get one of their own. */
  private byte[] room(int lengthBytes) {
    if (segments.isEmpty()) {
      segments.add(new byte[Math.max(SEGMENT_BYTES, lengthBytes)]);
    } else if (segments.get(segment).length - segmentFilled < lengthBytes) {
      segment++;
      segmentFilled = 0;
      if (segment == segments.size()) {
        segments.add(new byte[Math.max(SEGMENT_BYTES, lengthBytes)]);
      } else if (segments.get(segment).length < lengthBytes) {
        segments.set(segment, new byte[lengthBytes]);
      }
    }
    return segments.get(segment);
  }

  /**
   * By key; equal ones as they came. Least significant byte first, bytes without variety skipped.
   */
  void sort() {
    if (otherKeys.length < count) {
      otherKeys = new long[keys.length];
      otherOrder = new int[keys.length];
    }
    long varied = 0;
    for (int i = 1; i < count; i++) {
      varied |= keys[i] ^ keys[0];
    }
    for (int shift = 0; shift < Long.SIZE; shift += 8) {
      if (digit(varied, shift) != 0) {
        sortBy(shift);
      }
    }
  }

  private void sortBy(int shift) {
    int[] next = new int[RADIX + 1];
    for (int i = 0; i < count; i++) {
      next[digit(keys[i], shift) + 1]++;
    }
    for (int i = 0; i < RADIX; i++) {
      next[i + 1] += next[i];
    }
    for (int i = 0; i < count; i++) {
      int to = next[digit(keys[i], shift)]++;
      otherKeys[to] = keys[i];
      otherOrder[to] = order[i];
    }
    long[] sortedKeys = otherKeys;
    int[] sortedOrder = otherOrder;
    otherKeys = keys;
    otherOrder = order;
    keys = sortedKeys;
    order = sortedOrder;
  }

  private static int digit(long key, int shift) {
    return (int) (key >>> shift) & (RADIX - 1);
  }

  /** Key of the record at a rank of the sorted order. */
  long key(int rank) {
    return keys[rank];
  }

  /** Moves a view to the record at a rank of the sorted order. */
  void moveTo(int rank, RecordView view) {
    long place = places[order[rank]];
    byte[] bytes = segments.get((int) (place >>> 32));
    int offset = (int) place;
    view.moveTo(bytes, offset, LittleEndian.int32(bytes, offset) + 4);
  }

  void clear() {
    count = 0;
    heldBytes = 0;
    segment = 0;
    segmentFilled = 0;
  }
}
