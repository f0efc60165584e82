package io.nfspawn.transport.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to numbers, without an object for each: linear probing in a table at most half full.
 * Not thread-safe.
 */
final class NumberMap<V> {
  private static final int FIRST_PLACES = 16;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private long[] numbers = new long[FIRST_PLACES];
  private @Nullable Object[] values = new Object[FIRST_PLACES];
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  @Nullable V get(long number) {
    return value(find(number));
  }

  boolean containsKey(long number) {
    return values[find(number)] != null;
  }

  /** Returns what was there before. */
  @Nullable V put(long number, V value) {
    int place = find(number);
    V before = value(place);
    numbers[place] = number;
    values[place] = value;
    if (before == null && ++size * 2 > values.length) {
      grow();
    }
    return before;
  }

  /** Returns what was taken out. */
  @Nullable V remove(long number) {
    int hole = find(number);
    V removed = value(hole);
    if (removed == null) {
      return null;
    }
    size--;
    int mask = values.length - 1;
    for (int next = (hole + 1) & mask; values[next] != null; next = (next + 1) & mask) {
      int home = home(numbers[next]);
      // Whoever would no longer be found from his home moves into the hole.
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        numbers[hole] = numbers[next];
        values[hole] = values[next];
        hole = next;
      }
    }
    values[hole] = null;
    return removed;
  }

  void clear() {
    java.util.Arrays.fill(values, null);
    size = 0;
  }

  /** A copy, in no order. */
  List<V> values() {
    List<V> all = new ArrayList<>(size);
    for (int place = 0; place < values.length; place++) {
      V value = value(place);
      if (value != null) {
        all.add(value);
      }
    }
    return all;
  }

  /** A copy, in no order. */
  List<Long> numbers() {
    List<Long> all = new ArrayList<>(size);
    for (int place = 0; place < values.length; place++) {
      if (values[place] != null) {
        all.add(numbers[place]);
      }
    }
    return all;
  }

  private int find(long number) {
    int mask = values.length - 1;
    int place = home(number);
    while (values[place] != null && numbers[place] != number) {
      place = (place + 1) & mask;
    }
    return place;
  }

  /** Numbers follow each other: spread out, so that they do not lie in one long row. */
  private int home(long number) {
    return (int) ((number * SPREAD) >>> 32) & (values.length - 1);
  }

  @SuppressWarnings("unchecked") // Only values are put in.
  private @Nullable V value(int place) {
    return (V) values[place];
  }

  private void grow() {
    long[] oldNumbers = numbers;
    @Nullable Object[] oldValues = values;
    numbers = new long[2 * oldNumbers.length];
    values = new Object[numbers.length];
    for (int i = 0; i < oldValues.length; i++) {
      if (oldValues[i] != null) {
        int place = find(oldNumbers[i]);
        numbers[place] = oldNumbers[i];
        values[place] = oldValues[i];
      }
    }
  }
}
