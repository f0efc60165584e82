package io.nfspawn.transport.core;

import io.nfspawn.transport.Credit;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an outbox knows of one process that receives from it. Guarded by the outbox. */
final class Receiver {
  final int rank;
  final long instance;
  Credit credit;
  @Nullable Session session;

  /** Since when {@link #session} is null. */
  long downSinceNanos;

  /** What it has, first to last: linked through the items, for nearly all have one holder. */
  private @Nullable Item first;

  private @Nullable Item last;

  /** What it has and somebody else had before. */
  private final NumberMap<Item> shared = new NumberMap<>();

  private int itemsUnderWay;
  private long bytesUnderWay;
  long lastServed;
  boolean endSent;
  boolean endSeen;

  Receiver(int rank, long instance, Credit credit) {
    this.rank = rank;
    this.instance = instance;
    this.credit = credit;
  }

  boolean admits(Item item) {
    return session != null
        && !item.isHeldBy(rank)
        && credit.admits(itemsUnderWay, bytesUnderWay, item.lengthBytes);
  }

  int itemsUnderWay() {
    return itemsUnderWay;
  }

  void add(Item item) {
    if (item.isHeldBy(rank)) {
      return;
    }
    item.addHolder(rank);
    itemsUnderWay++;
    bytesUnderWay += item.lengthBytes;
    if (!item.isFirstHeldBy(rank)) {
      shared.put(item.number, item);
      return;
    }
    item.before = last;
    if (last == null) {
      first = item;
    } else {
      last.behind = item;
    }
    last = item;
  }

  void remove(Item item) {
    if (!item.isHeldBy(rank)) {
      return;
    }
    if (item.isFirstHeldBy(rank)) {
      unlink(item);
    } else {
      shared.remove(item.number);
    }
    item.removeHolder(rank);
    itemsUnderWay--;
    bytesUnderWay -= item.lengthBytes;
  }

  private void unlink(Item item) {
    Item before = item.before;
    Item behind = item.behind;
    if (before == null) {
      first = behind;
    } else {
      before.behind = behind;
    }
    if (behind == null) {
      last = before;
    } else {
      behind.before = before;
    }
    item.before = null;
    item.behind = null;
  }

  /** What is under way to it, as a list of its own. */
  List<Item> underWay() {
    List<Item> items = shared.values();
    for (Item item = first; item != null; item = item.behind) {
      items.add(item);
    }
    return items;
  }

  /** Goes through what is under way to it; {@code each} leaves that as it is. */
  void forEachUnderWay(Consumer<Item> each) {
    for (Item item = first; item != null; item = item.behind) {
      each.accept(item);
    }
    if (!shared.isEmpty()) {
      shared.values().forEach(each);
    }
  }
}
