package io.nfspawn.transport.core;

import io.nfspawn.transport.Broadcaster;
import io.nfspawn.transport.ChannelClosedException;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The head of a chain. Guarded by itself; the channel's thread sends and settles. */
final class BroadcastOutbox implements Stream, Broadcaster {
  private final String name;
  private final int stream;
  private final Credit queue;
  private final int mostBytes;
  private final Loop loop;
  private final ChainLog log = new ChainLog();
  private final ChainTail tail;
  private final Set<ItemKey> known = new HashSet<>();
  private final List<Item> dropped = new ArrayList<>();
  private boolean finishing;
  private @Nullable String closed;

  BroadcastOutbox(String name, List<Integer> chain, Credit queue, int mostBytes, Loop loop) {
    this.name = name;
    this.stream = Stream.idOf(Kind.BROADCAST, name);
    this.queue = queue;
    this.mostBytes = mostBytes;
    this.loop = loop;
    this.tail = new ChainTail(name, stream, log, chain);
  }

  // ---- application ------------------------------------------------------------------------

  @Override
  public Offer offer(ItemKey key, ByteBuffer payload) {
    return offer(key, payload, null);
  }

  @Override
  public Offer offer(ItemKey key, RegisteredBuffer payload) {
    return offer(key, payload.buffer(), payload);
  }

  private Offer offer(ItemKey key, ByteBuffer payload, @Nullable RegisteredBuffer owned) {
    synchronized (this) {
      checkOpen();
      if (finishing) {
        throw new ChannelClosedException(this + " has been finished, nothing can be offered");
      }
      if (payload.remaining() > mostBytes) {
        throw new IllegalArgumentException(
            "payload of %s has %d bytes, the limit is %d; raise maxMessageBytes on all members"
                .formatted(key, payload.remaining(), mostBytes));
      }
      if (known.contains(key)) {
        return Offer.DUPLICATE;
      }
      checkReachable();
      if (!queue.admits(log.size(), log.bytes(), payload.remaining())) {
        return Offer.BACK_PRESSURE;
      }
      known.add(key);
      log.add(new Item(log.top(), key, payload, owned));
    }
    loop.wakeUp();
    return Offer.ACCEPTED;
  }

  @Override
  public void put(ItemKey key, ByteBuffer payload, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (offer(key, payload) == Offer.BACK_PRESSURE) {
      synchronized (this) {
        if (!queue.admits(log.size(), log.bytes(), payload.remaining()) && !await(deadline)) {
          throw new ChannelTimeoutException(
              "no room for " + key + " in " + this + " within " + timeout + ": " + standing());
        }
      }
    }
  }

  @Override
  public synchronized long unacknowledged() {
    return log.size();
  }

  @Override
  public synchronized Set<Integer> lostReceivers() {
    return Set.copyOf(tail.lost());
  }

  @Override
  public void finish(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (this) {
      finishing = true;
    }
    loop.wakeUp();
    synchronized (this) {
      while (true) {
        checkOpen();
        checkReachable();
        if (log.size() == 0 && tail.isEndSeen()) {
          return;
        }
        if (!await(deadline)) {
          throw new ChannelTimeoutException(
              this + " is not finished after " + timeout + ": " + standing());
        }
      }
    }
  }

  @SuppressWarnings("WaitNotInLoop") // Every caller asks again what it waits for.
  private boolean await(long deadline) throws InterruptedException {
    long leftMillis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
    if (leftMillis > 0) {
      wait(leftMillis);
    }
    return leftMillis > 0;
  }

  private void checkOpen() {
    if (closed != null) {
      throw new ChannelClosedException(this + " " + closed);
    }
  }

  private void checkReachable() {
    if (tail.successor() == null) {
      throw new PeerLostException(
          tail.lost(), this + " has nobody left to send to: " + loop.describe(tail.gone()));
    }
  }

  private String standing() {
    Integer next = tail.successor();
    return log.size()
        + " items not acknowledged by all"
        + (next == null ? "" : ", sending to " + loop.describe(Set.of(next)))
        + (tail.gone().isEmpty() ? "" : ", gone: " + loop.describe(tail.gone()));
  }

  @Override
  public void close() {
    String why = "has been closed";
    boolean early = shut(why);
    loop.execute(
        () -> {
          if (early) {
            abort(this + " " + why + " by its sender");
          }
          releaseAll();
          loop.unregister(stream, this);
        });
  }

  /** True when it was open and not at its end. */
  private synchronized boolean shut(String why) {
    if (closed != null) {
      return false;
    }
    closed = why;
    boolean early = !finishing || log.size() > 0;
    dropped.addAll(log.dropAll());
    notifyAll();
    return early;
  }

  private synchronized void abort(String reason) {
    tail.abort(reason);
  }

  private void releaseAll() {
    List<Item> items;
    synchronized (this) {
      items = List.copyOf(dropped);
      dropped.clear();
    }
    items.forEach(item -> item.settle(() -> {}));
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
    synchronized (this) {
      if (closed != null) {
        return;
      }
      long acknowledged = Math.min(tail.acknowledged(), log.top());
      if (acknowledged > log.base()) {
        dropped.addAll(log.dropBelow(acknowledged));
        notifyAll();
      }
      tail.dispatch(finishing ? log.top() : -1);
    }
    releaseAll();
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
      if (closed != null || !tail.isSuccessor(session.rank)) {
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
      notifyAll();
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
      notifyAll();
    }
    if (next) {
      loop.execute(this::dialSuccessor);
    }
  }

  @Override
  public void onChannelClosed(String cause) {
    var unused = shut(cause);
    releaseAll();
  }

  @Override
  public String toString() {
    return "broadcast '" + name + "'";
  }
}
