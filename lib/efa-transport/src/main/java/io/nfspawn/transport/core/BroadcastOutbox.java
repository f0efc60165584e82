package io.nfspawn.transport.core;

import io.nfspawn.transport.Broadcaster;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.frame.Message;
import java.util.List;
import java.util.Set;

/** The head of a chain. Guarded by itself; the channel's thread sends and settles. */
final class BroadcastOutbox extends AnyOutbox implements Broadcaster {
  private final String name;
  private final Credit queue;
  private final ChainLog log = new ChainLog();
  private final ChainTail tail;

  BroadcastOutbox(String name, List<Integer> chain, Credit queue, int mostBytes, Loop loop) {
    // Receivers look for a checksum, however long the payload.
    super(Kind.BROADCAST, name, mostBytes, Integer.MAX_VALUE, loop);
    this.name = name;
    this.queue = queue;
    this.tail = new ChainTail(name, stream, log, chain);
  }

  // ---- application ------------------------------------------------------------------------

  @Override
  void accept(Item item) {
    log.add(item);
  }

  @Override
  boolean hasRoom(int lengthBytes) {
    return queue.admits(log.size(), log.bytes(), lengthBytes);
  }

  @Override
  void checkReachable() {
    if (tail.successor() == null) {
      throw new PeerLostException(
          tail.lost(), this + " has nobody left to send to: " + loop.describe(tail.gone()));
    }
  }

  @Override
  boolean isThrough() {
    checkReachable();
    return log.size() == 0 && tail.isEndSeen();
  }

  @Override
  String standing() {
    Integer next = tail.successor();
    return log.size()
        + " items not acknowledged by all"
        + (next == null ? "" : ", sending to " + loop.describe(Set.of(next)))
        + (tail.gone().isEmpty() ? "" : ", gone: " + loop.describe(tail.gone()));
  }

  @Override
  List<Item> dropAll() {
    return log.dropAll();
  }

  @Override
  synchronized void onClosedEarly(String why) {
    tail.abort(this + " " + why + " by its sender");
  }

  @Override
  public synchronized long unacknowledged() {
    return log.size();
  }

  @Override
  public synchronized Set<Integer> lostReceivers() {
    return Set.copyOf(tail.lost());
  }

  // ---- channel's thread -------------------------------------------------------------------

  /** Dials the first receiver; by the channel's thread. */
  void dialSuccessor() {
    Integer next;
    synchronized (this) {
      next = tail.successor();
    }
    if (next != null) {
      loop.dial(next, this);
    }
  }

  @Override
  public void dispatch(long now) {
    List<Item> settled = List.of();
    synchronized (this) {
      if (isShut()) {
        return;
      }
      dispatching();
      long acknowledged = Math.min(tail.acknowledged(), log.top());
      if (acknowledged > log.base()) {
        settled = log.dropBelow(acknowledged);
        tellWaiters();
      }
      tail.dispatch(isFinishing() ? log.top() : -1);
    }
    settled.forEach(Item::settle);
  }

  @Override
  public synchronized void onDialled(Session session) {
    if (tail.isSuccessor(session.rank)) {
      tail.open(session);
    }
  }

  @Override
  public void onMessage(Session session, Message message) {
    boolean next = false;
    synchronized (this) {
      if (isShut() || !tail.isSuccessor(session.rank)) {
        return;
      }
      switch (message.type()) {
        case SUBSCRIBE -> {
          Subscription wanted = Subscription.read(message.part());
          if (!tail.subscribe(session, message.item(), wanted.credit())) {
            next = tail.remove(session.rank, "it came back when what it needs was gone");
          }
        }
        case UNSUBSCRIBE -> next = tail.remove(session.rank, "it closed its end of " + name);
        case ACK -> tail.acknowledge(message);
        case END_SEEN -> tail.seeEnd(message);
        default -> {}
      }
      tellWaiters();
    }
    if (next) {
      loop.execute(this::dialSuccessor);
    }
  }

  @Override
  public synchronized void onSessionDown(Session session) {
    tail.onSessionDown(session);
  }

  @Override
  public void onPeerGone(int rank, String reason) {
    boolean next;
    synchronized (this) {
      next = tail.remove(rank, reason);
      tellWaiters();
    }
    if (next) {
      loop.execute(this::dialSuccessor);
    }
  }

  @Override
  public String toString() {
    return "broadcast '" + name + "'";
  }
}
