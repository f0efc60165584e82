package io.nfspawn.transport.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Items of a broadcast that somebody still needs, by number without gaps: from {@link #base} up to
 * and without {@link #top}. Guarded by its owner.
 */
final class ChainLog {
  private final Map<Long, Item> items = new HashMap<>();
  private long base;
  private long bytes;

  long base() {
    return base;
  }

  long top() {
    return base + items.size();
  }

  int size() {
    return items.size();
  }

  long bytes() {
    return bytes;
  }

  void add(Item item) {
    items.put(item.number, item);
    bytes += item.lengthBytes;
  }

  @Nullable Item get(long number) {
    return items.get(number);
  }

  /** Payload bytes from number {@code from} up to and without {@code to}. */
  long bytesBetween(long from, long to) {
    long sum = 0;
    for (long number = from; number < to; number++) {
      Item item = items.get(number);
      sum += item == null ? 0 : item.lengthBytes;
    }
    return sum;
  }

  /** Takes out what is older than {@code number}. */
  List<Item> dropBelow(long number) {
    List<Item> dropped = new ArrayList<>();
    while (base < number) {
      Item item = items.remove(base++);
      if (item != null) {
        bytes -= item.lengthBytes;
        dropped.add(item);
      }
    }
    return dropped;
  }

  List<Item> dropAll() {
    return dropBelow(top());
  }
}
