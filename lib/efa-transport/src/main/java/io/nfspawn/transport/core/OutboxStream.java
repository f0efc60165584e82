package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelClosedException;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.WorkSource;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sending side of work queue and push: keeps items until they are acknowledged and hands them to
 * receivers that have credit. Guarded by itself; the channel's thread sends and settles.
 */
final class OutboxStream implements Stream, WorkSource, Pusher {

  /**
   * What makes one outbox differ from another.
   *
   * @param expected ranks that may receive
   * @param queue what may wait to be handed out
   * @param leaseNanos how long a receiver may keep an item
   */
  record Setup(
      Kind kind,
      String name,
      Set<Integer> expected,
      Credit queue,
      long leaseNanos,
      int mostBytes) {}

  private static final long LEASE_CHECK_NANOS = 50_000_000;

  private final Setup setup;
  private final int stream;
  private final Loop loop;
  private final TreeMap<Long, Item> waiting = new TreeMap<>();
  private final Map<Long, Item> open = new HashMap<>();
  private final Map<ItemKey, Item> known = new HashMap<>();
  private final Map<Integer, Receiver> receivers = new TreeMap<>();
  private final Map<Integer, String> gone = new TreeMap<>();
  private final List<Item> dropped = new ArrayList<>();
  private long waitingBytes;
  private long nextNumber;
  private long servings;
  private long redelivered;
  private long nextLeaseCheckNanos;
  private boolean finishing;
  private @Nullable String closed;

  OutboxStream(Setup setup, Loop loop) {
    this.setup = setup;
    this.stream = Stream.idOf(setup.kind, setup.name);
    this.loop = loop;
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
    Offer offer = tryOffer(key, payload, owned);
    if (offer == Offer.ACCEPTED) {
      loop.wakeUp();
    }
    return offer;
  }

  private synchronized Offer tryOffer(
      ItemKey key, ByteBuffer payload, @Nullable RegisteredBuffer owned) {
    checkOpen();
    if (finishing) {
      throw new ChannelClosedException(this + " has been finished, nothing can be offered");
    }
    if (payload.remaining() > setup.mostBytes) {
      throw new IllegalArgumentException(
          "payload of "
              + key
              + " has "
              + payload.remaining()
              + " bytes, the limit is "
              + setup.mostBytes
              + "; raise maxMessageBytes on all members");
    }
    if (known.containsKey(key)) {
      return Offer.DUPLICATE;
    }
    checkReachable();
    if (!setup.queue.admits(waiting.size(), waitingBytes, payload.remaining())) {
      return Offer.BACK_PRESSURE;
    }
    Item item = new Item(nextNumber++, key, payload, owned);
    known.put(key, item);
    open.put(item.number, item);
    enqueue(item);
    return Offer.ACCEPTED;
  }

  @Override
  public void put(ItemKey key, ByteBuffer payload, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (offer(key, payload) == Offer.BACK_PRESSURE) {
      synchronized (this) {
        if (!setup.queue.admits(waiting.size(), waitingBytes, payload.remaining())
            && !await(deadline)) {
          throw new ChannelTimeoutException(
              "no room for " + key + " in " + this + " within " + timeout + ": " + standing());
        }
      }
    }
  }

  @Override
  public CompletableFuture<ItemKey> push(ItemKey key, ByteBuffer payload, Duration timeout)
      throws InterruptedException {
    put(key, payload, timeout);
    synchronized (this) {
      Item item = known.get(key);
      if (item == null) {
        throw new ChannelClosedException(this + " is closed");
      }
      return item.acknowledged.copy();
    }
  }

  @Override
  public synchronized long unacknowledged() {
    return open.size();
  }

  @Override
  public synchronized long redelivered() {
    return redelivered;
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
        if (open.isEmpty() && unfinished().isEmpty()) {
          return;
        }
        if (!open.isEmpty()) {
          checkReachable();
        }
        if (!await(deadline)) {
          throw new ChannelTimeoutException(
              this + " is not finished after " + timeout + ": " + standing());
        }
      }
    }
  }

  @Override
  public void close() {
    shut("has been closed");
    loop.execute(
        () -> {
          releaseAll();
          loop.unregister(stream, this);
        });
  }

  private synchronized void shut(String why) {
    if (closed == null) {
      closed = why;
      dropped.addAll(open.values());
      open.clear();
      waiting.clear();
      waitingBytes = 0;
      notifyAll();
    }
  }

  /** Gives memory back and tells who waits; on the channel's thread. */
  private void releaseAll() {
    List<Item> items;
    synchronized (this) {
      items = List.copyOf(dropped);
      dropped.clear();
    }
    for (Item item : items) {
      item.settle();
      item.acknowledged.completeExceptionally(
          new ChannelClosedException(
              this + " was closed before " + item.key + " was acknowledged"));
    }
  }

  @SuppressWarnings("WaitNotInLoop") // Every caller asks again what it waits for.
  private boolean await(long deadline) throws InterruptedException {
    long leftMillis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
    if (leftMillis <= 0) {
      return false;
    }
    wait(leftMillis);
    return true;
  }

  private void checkOpen() {
    if (closed != null) {
      throw new ChannelClosedException(this + " " + closed);
    }
  }

  private void checkReachable() {
    if (gone.keySet().containsAll(setup.expected)) {
      throw new PeerLostException(
          gone.keySet(), this + " has nobody left to send to: " + loop.describe(gone));
    }
  }

  private Set<Integer> unfinished() {
    Set<Integer> ranks = new TreeSet<>(setup.expected);
    ranks.removeAll(gone.keySet());
    receivers.values().stream().filter(r -> r.endSeen).forEach(r -> ranks.remove(r.rank));
    return ranks;
  }

  private String standing() {
    Set<Integer> absent = new TreeSet<>(setup.expected);
    absent.removeAll(receivers.keySet());
    absent.removeAll(gone.keySet());
    return open.size()
        + " items not acknowledged, "
        + waiting.size()
        + " of them not handed out"
        + (absent.isEmpty() ? "" : ", never connected: " + loop.describe(absent))
        + (gone.isEmpty() ? "" : ", gone: " + loop.describe(gone));
  }

  // ---- channel's thread -------------------------------------------------------------------

  private void enqueue(Item item) {
    if (waiting.put(item.number, item) == null) {
      waitingBytes += item.lengthBytes;
    }
  }

  private void dequeue(Item item) {
    if (waiting.remove(item.number) != null) {
      waitingBytes -= item.lengthBytes;
    }
  }

  @Override
  public synchronized void dispatch(long now) {
    if (now - nextLeaseCheckNanos >= 0) {
      nextLeaseCheckNanos = now + LEASE_CHECK_NANOS;
      expireLeases(now);
    }
    Map.Entry<Long, Item> entry = waiting.firstEntry();
    while (entry != null) {
      Item item = entry.getValue();
      Receiver receiver = next(item);
      if (receiver != null && receiver.session != null) {
        dequeue(item);
        handOut(item, receiver, receiver.session, now);
        notifyAll();
      } else if (!heldByAll(item)) {
        break; // Credit is what it waits for: nothing newer may overtake it.
      }
      entry = waiting.higherEntry(item.number);
    }
    if (finishing && open.isEmpty()) {
      sendEnd();
    }
  }

  private void handOut(Item item, Receiver receiver, Session session, long now) {
    item.attempt++;
    if (item.attempt > 1) {
      redelivered++;
    }
    item.leaseEndNanos = now + setup.leaseNanos;
    receiver.add(item);
    receiver.lastServed = ++servings;
    session.send(item.parts(stream));
  }

  private @Nullable Receiver next(Item item) {
    Receiver best = null;
    for (Receiver each : receivers.values()) {
      if (each.admits(item) && (best == null || before(each, best))) {
        best = each;
      }
    }
    return best;
  }

  private boolean heldByAll(Item item) {
    return receivers.values().stream()
        .allMatch(r -> r.session == null || r.underWay.containsKey(item.number));
  }

  private static boolean before(Receiver a, Receiver b) {
    return a.underWay.size() != b.underWay.size()
        ? a.underWay.size() < b.underWay.size()
        : a.lastServed < b.lastServed;
  }

  private void expireLeases(long now) {
    for (Receiver receiver : receivers.values()) {
      for (Item item : receiver.underWay.values()) {
        if (now - item.leaseEndNanos > 0) {
          // Its holder keeps the credit until it answers; somebody else gets the item.
          enqueue(item);
        }
      }
    }
  }

  private void sendEnd() {
    for (Receiver receiver : receivers.values()) {
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
  public void onMessage(Session session, Message message) {
    List<Item> settled = new ArrayList<>();
    synchronized (this) {
      switch (message.type()) {
        case SUBSCRIBE -> subscribe(session, message);
        case UNSUBSCRIBE -> leave(session.rank, "it closed its end of " + setup.name);
        case ACK -> settle(message.item(), settled);
        case RENEW -> renew(session.rank, message.item());
        case END_SEEN -> endSeen(session);
        default -> {}
      }
      notifyAll();
    }
    for (Item item : settled) {
      item.settle();
      item.acknowledged.complete(item.key);
    }
    failIfUnreachable();
  }

  private void subscribe(Session session, Message message) {
    if (!setup.expected.contains(session.rank) || closed != null) {
      return;
    }
    Subscription wanted = Subscription.read(message.part());
    Receiver receiver = receivers.get(session.rank);
    if (receiver == null || receiver.instance != session.instance) {
      if (receiver != null) {
        requeue(receiver, Set.of());
      }
      receiver = new Receiver(session.rank, session.instance, wanted.credit());
      receivers.put(session.rank, receiver);
    }
    gone.remove(session.rank);
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

  private void requeue(Receiver receiver, Set<Long> except) {
    for (Item item : List.copyOf(receiver.underWay.values())) {
      if (!except.contains(item.number)) {
        receiver.remove(item);
        if (item.holders.isEmpty()) {
          enqueue(item);
        }
      }
    }
  }

  private void leave(int rank, String reason) {
    if (setup.expected.contains(rank)) {
      Receiver receiver = receivers.remove(rank);
      if (receiver != null) {
        requeue(receiver, Set.of());
      }
      if (receiver == null || !receiver.endSeen) {
        gone.put(rank, reason);
      } else {
        // It saw the end: that it goes now is how it should be.
        receivers.put(rank, receiver);
        receiver.session = null;
      }
    }
  }

  private void settle(long number, List<Item> settled) {
    Item item = open.remove(number);
    if (item != null) {
      dequeue(item);
      for (int rank : List.copyOf(item.holders)) {
        Receiver holder = receivers.get(rank);
        if (holder != null) {
          holder.remove(item);
        }
      }
      settled.add(item);
    }
  }

  private void renew(int rank, long number) {
    Item item = open.get(number);
    if (item != null && item.holders.contains(rank)) {
      item.leaseEndNanos = loop.nowNanos() + setup.leaseNanos;
      dequeue(item);
    }
  }

  private void endSeen(Session session) {
    Receiver receiver = receivers.get(session.rank);
    if (receiver != null && receiver.session == session) {
      receiver.endSeen = true;
    }
  }

  @Override
  public synchronized void onSessionDown(Session session) {
    for (Receiver receiver : receivers.values()) {
      if (receiver.session == session) {
        receiver.session = null;
      }
    }
  }

  @Override
  public void onPeerGone(int rank, String reason) {
    synchronized (this) {
      leave(rank, reason);
      notifyAll();
    }
    failIfUnreachable();
  }

  /** A push has one receiver: without it nobody will ever complete the futures. */
  private void failIfUnreachable() {
    List<Item> hopeless = List.of();
    String text = "";
    synchronized (this) {
      if (setup.kind == Kind.PUSH && gone.keySet().containsAll(setup.expected)) {
        hopeless = List.copyOf(open.values());
        text = this + " lost its puller: " + loop.describe(gone);
      }
    }
    for (Item item : hopeless) {
      item.acknowledged.completeExceptionally(new PeerLostException(setup.expected, text));
    }
  }

  @Override
  public void onChannelClosed(String cause) {
    shut(cause);
    releaseAll();
  }

  @Override
  public String toString() {
    return (setup.kind == Kind.QUEUE ? "work source '" : "pusher '") + setup.name + "'";
  }
}
