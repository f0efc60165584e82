package io.nfspawn.transport.core;

import io.nfspawn.transport.Credit;
import org.jspecify.annotations.Nullable;

/** What an outbox knows of one process that receives from it. Guarded by the outbox. */
final class Receiver {
  final int rank;
  final long instance;
  final NumberMap<Item> underWay = new NumberMap<>();
  Credit credit;
  @Nullable Session session;

  /** Since when {@link #session} is null. */
  long downSinceNanos;

  long bytesUnderWay;
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
        && credit.admits(underWay.size(), bytesUnderWay, item.lengthBytes);
  }

  void add(Item item) {
    if (underWay.put(item.number, item) == null) {
      bytesUnderWay += item.lengthBytes;
      item.addHolder(rank);
    }
  }

  void remove(Item item) {
    if (underWay.remove(item.number) != null) {
      bytesUnderWay -= item.lengthBytes;
      item.removeHolder(rank);
    }
  }
}
