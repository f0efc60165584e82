package io.nfspawn.transport.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Items in the order of their numbers, each once: added at the end and taken from the front but for
 * what is handed out again. Not thread-safe.
 */
final class ItemQueue {
  private @Nullable Item[] items = new Item[64];
  private int start;
  private int end;

  int size() {
    return end - start;
  }

  /** False when it is here already. */
  boolean add(Item item) {
    int place = firstAfter(item.number - 1);
    Item there = place < end ? items[place] : null;
    if (there == item) {
      return false;
    }
    if (place == start && start > 0) {
      items[--start] = item;
      return true;
    }
    if (end == items.length) {
      int move = start;
      // Half of it free at the front: no need for more room.
      @Nullable Item[] room = start > items.length / 2 ? items : new Item[2 * items.length];
      System.arraycopy(items, start, room, 0, end - start);
      end -= move;
      start = 0;
      place -= move;
      Arrays.fill(room, end, room == items ? end + move : end, null);
      items = room;
    }
    System.arraycopy(items, place, items, place + 1, end - place);
    items[place] = item;
    end++;
    return true;
  }

  /** False when it is not here. */
  boolean remove(Item item) {
    int place = size() > 0 && items[start] == item ? start : firstAfter(item.number - 1);
    if (place >= end || items[place] != item) {
      return false;
    }
    if (place == start) {
      items[start++] = null;
    } else {
      System.arraycopy(items, place + 1, items, place, end - place - 1);
      items[--end] = null;
    }
    return true;
  }

  /** The first item with a number above {@code number}. */
  @Nullable Item after(long number) {
    int place = firstAfter(number);
    return place < end ? items[place] : null;
  }

  void clear() {
    Arrays.fill(items, null);
    start = 0;
    end = 0;
  }

  private int firstAfter(long number) {
    if (start == end || numberAt(start) > number) {
      return start;
    }
    if (numberAt(end - 1) <= number) {
      return end;
    }
    int low = start;
    int high = end - 1;
    // Number at low is not above it, that at high is.
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (numberAt(middle) <= number) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private long numberAt(int place) {
    Item item = items[place];
    return item == null ? Long.MAX_VALUE : item.number;
  }
}
