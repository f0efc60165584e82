package io.nfspawn.transport.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to numbers, without an object for each: a table at most half full, in which numbers
 * that follow each other, as those of items do, lie side by side. Linear probing where whoever is
 * nearer to his home gives way (Robin Hood), so that a long row of numbers at home is neither
 * searched nor moved. Not thread-safe.
 */
final class NumberMap<V> {
  private static final int FIRST_PLACES = 16;

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
    int place = find(number);
    return place < 0 ? null : value(place);
  }

  boolean containsKey(long number) {
    return find(number) >= 0;
  }

  /** Returns what was there before. */
  @Nullable V put(long number, V value) {
    int place = find(number);
    if (place >= 0) {
      V before = value(place);
      values[place] = value;
      return before;
    }
    if (++size * 2 > values.length) {
      grow();
    }
    insert(number, value);
    return null;
  }

  private void insert(long newNumber, Object newValue) {
    int mask = values.length - 1;
    long number = newNumber;
    Object value = newValue;
    int place = (int) number & mask;
    int distance = 0;
    for (Object there = values[place]; there != null; there = values[place]) {
      int itsDistance = distance(place);
      if (itsDistance < distance) {
        long itsNumber = numbers[place];
        numbers[place] = number;
        values[place] = value;
        number = itsNumber;
        value = there;
        distance = itsDistance;
      }
      place = (place + 1) & mask;
      distance++;
    }
    numbers[place] = number;
    values[place] = value;
  }

  /** Returns what was taken out. */
  @Nullable V remove(long number) {
    int hole = find(number);
    if (hole < 0) {
      return null;
    }
    V removed = value(hole);
    size--;
    int mask = values.length - 1;
    for (int next = (hole + 1) & mask;
        values[next] != null && distance(next) > 0;
        next = (next + 1) & mask) {
      numbers[hole] = numbers[next];
      values[hole] = values[next];
      hole = next;
    }
    values[hole] = null;
    return removed;
  }

  void clear() {
    Arrays.fill(values, null);
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

  /** Where it is; negative when it is not here. */
  private int find(long number) {
    int mask = values.length - 1;
    int place = (int) number & mask;
    for (int distance = 0; values[place] != null; distance++) {
      if (numbers[place] == number) {
        return place;
      }
      if (distance(place) < distance) {
        return -1;
      }
      place = (place + 1) & mask;
    }
    return -1;
  }

  /** How far from its home the number at {@code place} is. */
  private int distance(int place) {
    return (place - (int) numbers[place]) & (values.length - 1);
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
      Object value = oldValues[i];
      if (value != null) {
        insert(oldNumbers[i], value);
      }
    }
  }
}
