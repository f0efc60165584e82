package io.nfspawn.transport.core;

import io.nfspawn.transport.Credit;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.WorkSource;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Sending side of work queue and push: keeps items until they are acknowledged and hands them to
 * receivers that have credit. Guarded by itself; the channel's thread sends and settles.
 */
final class OutboxStream extends AnyOutbox implements WorkSource, Pusher, Backlog.HandOut {

  /**
   * What makes one outbox differ from another.
   *
   * @param expected ranks that may receive
   * @param queue what may wait to be handed out
   * @param leaseNanos how long a receiver may keep an item
   * @param recallNanos how long a receiver that is not reached keeps its items
   * @param checkBelowBytes payloads of this length or more get no checksum
   */
  record Setup(
      Kind kind,
      String name,
      Set<Integer> expected,
      Credit queue,
      long leaseNanos,
      long recallNanos,
      int mostBytes,
      int checkBelowBytes) {}

  private static final long LEASE_CHECK_NANOS = 50_000_000;

  private final Setup setup;
  private final Backlog backlog = new Backlog();
  private final Map<Integer, String> gone = new TreeMap<>();

  /** Settled by the message at hand; the channel's thread's. */
  private final List<Item> settled = new ArrayList<>();

  private final Ranges.Each settle = this::settle;
  private long servings;
  private long redelivered;
  private long nextLeaseCheckNanos;
  private long dispatchNanos;

  OutboxStream(Setup setup, Loop loop) {
    super(setup.kind, setup.name, setup.mostBytes, setup.checkBelowBytes, loop);
    this.setup = setup;
  }

  // ---- application ------------------------------------------------------------------------

  @Override
  void accept(Item item) {
    backlog.accept(item);
  }

  @Override
  boolean hasRoom(int lengthBytes) {
    return backlog.hasRoom(setup.queue, lengthBytes);
  }

  @Override
  void checkReachable() {
    if (!gone.isEmpty() && gone.keySet().containsAll(setup.expected)) {
      throw new PeerLostException(
          gone.keySet(), this + " has nobody left to send to: " + loop.describe(gone));
    }
  }

  @Override
  boolean isThrough() {
    if (!backlog.isEmpty()) {
      checkReachable();
      return false;
    }
    return unfinished().isEmpty();
  }

  private Set<Integer> unfinished() {
    Set<Integer> ranks = new TreeSet<>(setup.expected);
    ranks.removeAll(gone.keySet());
    backlog.receivers().stream().filter(r -> r.endSeen).forEach(r -> ranks.remove(r.rank));
    return ranks;
  }

  @Override
  String standing() {
    Set<Integer> absent = new TreeSet<>(setup.expected);
    absent.removeAll(backlog.receiverRanks());
    absent.removeAll(gone.keySet());
    return backlog.openCount()
        + " items not acknowledged, "
        + backlog.waitingCount()
        + " of them not handed out"
        + (absent.isEmpty() ? "" : ", never connected: " + loop.describe(absent))
        + (gone.isEmpty() ? "" : ", gone: " + loop.describe(gone));
  }

  @Override
  List<Item> dropAll() {
    List<Item> items = backlog.openItems();
    backlog.clear();
    return items;
  }

  @Override
  public CompletableFuture<ItemKey> push(ItemKey key, ByteBuffer payload, Duration timeout)
      throws InterruptedException {
    CompletableFuture<ItemKey> acknowledged = new CompletableFuture<>();
    if (put(key, payload, timeout, acknowledged) == Offer.ACCEPTED) {
      return acknowledged.copy();
    }
    synchronized (this) {
      Item item = backlog.open(numberOf(key));
      return item == null ? CompletableFuture.completedFuture(key) : item.acknowledged().copy();
    }
  }

  @Override
  public synchronized long unacknowledged() {
    return backlog.openCount();
  }

  @Override
  public synchronized long redelivered() {
    return redelivered;
  }

  // ---- channel's thread -------------------------------------------------------------------

  @Override
  public synchronized void dispatch(long now) {
    if (now - nextLeaseCheckNanos >= 0) {
      nextLeaseCheckNanos = now + LEASE_CHECK_NANOS;
      backlog.expireLeases(now);
      backlog.requeueUnreachable(now - setup.recallNanos);
    }
    dispatchNanos = now;
    dispatching();
    backlog.handOut(this);
    if (hasWaiters() && !isFinishing() && backlog.isHalfEmpty(setup.queue)) {
      tellWaiters();
    }
    if (isFinishing() && backlog.isEmpty()) {
      sendEnd();
    }
  }

  @Override
  public void handOut(Item item, Receiver receiver, Session session) {
    item.attempt++;
    if (item.attempt > 1) {
      redelivered++;
    }
    item.leaseEndNanos = dispatchNanos + setup.leaseNanos;
    receiver.lastServed = ++servings;
    session.send(item.parts(stream));
  }

  private void sendEnd() {
    for (Receiver receiver : backlog.receivers()) {
      if (receiver.session != null && !receiver.endSent) {
        receiver.session.send(Message.of(Message.Type.END, stream, 0));
        receiver.endSent = true;
      }
    }
  }

  @Override
  public void onDialled(Session session) {
    if (setup.kind == Kind.PUSH && setup.expected.contains(session.rank)) {
      session.send(Message.of(Message.Type.OPEN, stream, 0, setup.name, ByteBuffer.allocate(0)));
    }
  }

  @Override
  public void onHot(Session session, MessageCursor at) {
    if (at.type() == Message.Type.RENEW) {
      renew(session.rank, at);
      return;
    }
    if (at.type() != Message.Type.ACK) {
      return;
    }
    synchronized (this) {
      Ranges.forEach(at, settle);
      if (isFinishing() || !gone.isEmpty()) {
        tellWaiters();
      }
    }
    // By number: two iterators for each acknowledgement are garbage.
    for (int i = 0; i < settled.size(); i++) {
      settled.get(i).settle();
    }
    synchronized (this) {
      for (int i = 0; i < settled.size(); i++) {
        reuse(settled.get(i));
      }
    }
    settled.clear();
  }

  private synchronized void renew(int rank, MessageCursor at) {
    long leaseEndNanos = loop.nowNanos() + setup.leaseNanos;
    Ranges.forEach(at, number -> backlog.renew(rank, number, leaseEndNanos));
  }

  private void settle(long number) {
    Item item = backlog.settle(number);
    if (item != null) {
      settled.add(item);
    }
  }

  @Override
  public void onMessage(Session session, Message message) {
    boolean hopeless;
    synchronized (this) {
      switch (message.type()) {
        case SUBSCRIBE -> subscribe(session, message);
        case UNSUBSCRIBE -> leave(session.rank, "it closed its end of " + setup.name);
        case END_SEEN -> endSeen(session);
        default -> {}
      }
      hopeless = !gone.isEmpty();
      if (isFinishing() || hopeless) {
        tellWaiters();
      }
    }
    if (hopeless) {
      failIfUnreachable();
    }
  }

  private void subscribe(Session session, Message message) {
    if (!setup.expected.contains(session.rank) || isShut()) {
      return;
    }
    backlog.subscribe(session, Subscription.read(message.part()));
    gone.remove(session.rank);
  }

  private void leave(int rank, String reason) {
    // Who saw the end may go: that is how it should be.
    if (setup.expected.contains(rank) && !backlog.leave(rank)) {
      gone.put(rank, reason);
    }
  }

  private void endSeen(Session session) {
    Receiver receiver = backlog.receiver(session.rank);
    if (receiver != null && receiver.session == session) {
      receiver.endSeen = true;
    }
  }

  @Override
  public synchronized void onSessionDown(Session session) {
    for (Receiver receiver : backlog.receivers()) {
      if (receiver.session == session) {
        receiver.session = null;
        receiver.downSinceNanos = loop.nowNanos();
      }
    }
  }

  @Override
  public void onPeerGone(int rank, String reason) {
    synchronized (this) {
      leave(rank, reason);
      tellWaiters();
    }
    failIfUnreachable();
  }

  /** A push has one receiver: without it nobody will ever complete the futures. */
  private void failIfUnreachable() {
    List<Item> hopeless = List.of();
    String text = "";
    synchronized (this) {
      if (setup.kind == Kind.PUSH && gone.keySet().containsAll(setup.expected)) {
        hopeless = backlog.openItems();
        text = this + " lost its puller: " + loop.describe(gone);
      }
    }
    for (Item item : hopeless) {
      item.fail(new PeerLostException(setup.expected, text));
    }
  }

  @Override
  public String toString() {
    return (setup.kind == Kind.QUEUE ? "work source '" : "pusher '") + setup.name + "'";
  }
}
