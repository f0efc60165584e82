package io.nfspawn.transport.core;

import io.nfspawn.transport.Credit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an outbox has accepted and not settled: which items wait, in their order, and which are
 * under way to whom. Guarded by its outbox.
 */
final class Backlog {
  private final ItemQueue waiting = new ItemQueue();
  private final NumberMap<Item> open = new NumberMap<>();
  private final Map<Integer, Receiver> receivers = new TreeMap<>();

  /** The same, to go through without an iterator. */
  private Receiver[] receiverArray = {};

  private long waitingBytes;

  // ---- items ------------------------------------------------------------------------------

  void accept(Item item) {
    open.put(item.number, item);
    enqueue(item);
  }

  boolean hasRoom(Credit queue, long bytes) {
    return queue.admits(waiting.size(), waitingBytes, bytes);
  }

  /** True when at most half of {@code queue} is taken. */
  boolean isHalfEmpty(Credit queue) {
    return waiting.size() <= queue.items() / 2 && waitingBytes <= queue.bytes() / 2;
  }

  /** The item of that number if it is not settled. */
  @Nullable Item open(long number) {
    return open.get(number);
  }

  int openCount() {
    return open.size();
  }

  int waitingCount() {
    return waiting.size();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  List<Item> openItems() {
    return open.values();
  }

  void clear() {
    open.clear();
    waiting.clear();
    waitingBytes = 0;
  }

  private void enqueue(Item item) {
    if (waiting.add(item)) {
      waitingBytes += item.lengthBytes;
    }
  }

  private void dequeue(Item item) {
    if (waiting.remove(item)) {
      waitingBytes -= item.lengthBytes;
    }
  }

  /** Takes an acknowledged item out; null when it was settled before. */
  @Nullable Item settle(long number) {
    Item item = open.remove(number);
    if (item != null) {
      dequeue(item);
      for (int i = 0; i < receiverArray.length && item.isHeld(); i++) {
        receiverArray[i].remove(item);
      }
    }
    return item;
  }

  // ---- receivers --------------------------------------------------------------------------

  Collection<Receiver> receivers() {
    return receivers.values();
  }

  Set<Integer> receiverRanks() {
    return receivers.keySet();
  }

  @Nullable Receiver receiver(int rank) {
    return receivers.get(rank);
  }

  /** Adds a receiver, or notes what one that is known holds after its session changed. */
  void subscribe(Session session, Subscription wanted) {
    Receiver receiver = receivers.get(session.rank);
    if (receiver == null || receiver.instance != session.instance) {
      if (receiver != null) {
        requeue(receiver, Set.of());
      }
      receiver = new Receiver(session.rank, session.instance, wanted.credit());
      receivers.put(session.rank, receiver);
      receiverArray = receivers.values().toArray(new Receiver[0]);
    }
    receiver.session = session;
    receiver.credit = wanted.credit();
    receiver.endSent = false;
    requeue(receiver, wanted.held());
    for (long number : wanted.held()) {
      Item item = open.get(number);
      if (item != null) {
        dequeue(item);
        receiver.add(item);
      }
    }
  }

  /** Queues again what those have that nobody reaches since {@code sinceNanos}. */
  void requeueUnreachable(long sinceNanos) {
    for (Receiver receiver : receivers.values()) {
      if (receiver.session == null && receiver.downSinceNanos - sinceNanos < 0) {
        requeue(receiver, Set.of());
      }
    }
  }

  private void requeue(Receiver receiver, Set<Long> except) {
    for (Item item : receiver.underWay()) {
      if (!except.contains(item.number)) {
        receiver.remove(item);
        if (!item.isHeld()) {
          enqueue(item);
        }
      }
    }
  }

  /** Takes back what a receiver had; true when it had seen the end and may go. */
  boolean leave(int rank) {
    Receiver receiver = receivers.get(rank);
    if (receiver == null) {
      return false;
    }
    requeue(receiver, Set.of());
    receiver.session = null;
    if (!receiver.endSeen) {
      receivers.remove(rank);
      receiverArray = receivers.values().toArray(new Receiver[0]);
    }
    return receiver.endSeen;
  }

  // ---- handing out ------------------------------------------------------------------------

  /** Who gets items. */
  interface HandOut {
    void handOut(Item item, Receiver receiver, Session session);
  }

  /**
   * Hands out all that can go to somebody now, in order. An item that waits for credit holds up all
   * newer ones; one that everybody holds already does not.
   */
  void handOut(HandOut to) {
    for (Item item = waiting.after(-1); item != null; item = waiting.after(item.number)) {
      Receiver receiver = leastBusy(item);
      if (receiver != null && receiver.session != null) {
        dequeue(item);
        receiver.add(item);
        to.handOut(item, receiver, receiver.session);
      } else if (!heldByAll(item)) {
        return;
      }
    }
  }

  private @Nullable Receiver leastBusy(Item item) {
    Receiver best = null;
    for (Receiver each : receiverArray) {
      if (each.admits(item) && (best == null || before(each, best))) {
        best = each;
      }
    }
    return best;
  }

  private boolean heldByAll(Item item) {
    for (Receiver each : receiverArray) {
      if (each.session != null && !item.isHeldBy(each.rank)) {
        return false;
      }
    }
    return true;
  }

  private static boolean before(Receiver a, Receiver b) {
    return a.itemsUnderWay() != b.itemsUnderWay()
        ? a.itemsUnderWay() < b.itemsUnderWay()
        : a.lastServed < b.lastServed;
  }

  /** Queues items again whose lease is over; their holders keep the credit until they answer. */
  void expireLeases(long now) {
    for (Receiver receiver : receivers.values()) {
      receiver.forEachUnderWay(
          item -> {
            if (now - item.leaseEndNanos > 0) {
              enqueue(item);
            }
          });
    }
  }

  void renew(int rank, long number, long leaseEndNanos) {
    Item item = open.get(number);
    if (item != null && item.isHeldBy(rank)) {
      item.leaseEndNanos = leaseEndNanos;
      dequeue(item);
    }
  }
}
