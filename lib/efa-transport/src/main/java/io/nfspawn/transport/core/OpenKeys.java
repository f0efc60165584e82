package io.nfspawn.transport.core;

import org.jspecify.annotations.Nullable;

/**
 * What stands for the keys that are under way, by 128 bits of their hash: few, so that the table
 * stays in cache, whatever number of keys has been. Linear probing, at most half full. Not
 * thread-safe.
 */
final class OpenKeys<V> {
  private static final int FIRST_PLACES = 64;

  /** Two a place. */
  private long[] hashes = new long[2 * FIRST_PLACES];

  private @Nullable Object[] values = new Object[FIRST_PLACES];
  private int size;

  @SuppressWarnings("unchecked") // Only values are put in.
  @Nullable V get(long first, long second) {
    return (V) values[place(first, second)];
  }

  /** The key must not be here. */
  void add(long first, long second, V value) {
    if (++size * 2 > values.length) {
      grow();
    }
    put(first, second, value);
  }

  private void put(long first, long second, Object value) {
    int place = place(first, second);
    hashes[2 * place] = first;
    hashes[2 * place + 1] = second;
    values[place] = value;
  }

  void remove(long first, long second) {
    int hole = place(first, second);
    if (values[hole] == null) {
      return;
    }
    size--;
    int mask = values.length - 1;
    for (int next = (hole + 1) & mask; values[next] != null; next = (next + 1) & mask) {
      // Whoever would no longer be found from his home moves into the hole.
      if (((next - home(hashes[2 * next + 1])) & mask) >= ((next - hole) & mask)) {
        hashes[2 * hole] = hashes[2 * next];
        hashes[2 * hole + 1] = hashes[2 * next + 1];
        values[hole] = values[next];
        hole = next;
      }
    }
    values[hole] = null;
  }

  /** Where the key is, or where it would be. */
  private int place(long first, long second) {
    int mask = values.length - 1;
    int place = home(second);
    while (values[place] != null
        && (hashes[2 * place] != first || hashes[2 * place + 1] != second)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /** The last bit of a second hash is always set. */
  private int home(long second) {
    return (int) (second >>> 1) & (values.length - 1);
  }

  private void grow() {
    long[] oldHashes = hashes;
    @Nullable Object[] oldValues = values;
    hashes = new long[2 * oldHashes.length];
    values = new Object[2 * oldValues.length];
    for (int i = 0; i < oldValues.length; i++) {
      Object value = oldValues[i];
      if (value != null) {
        put(oldHashes[2 * i], oldHashes[2 * i + 1], value);
      }
    }
  }
}
