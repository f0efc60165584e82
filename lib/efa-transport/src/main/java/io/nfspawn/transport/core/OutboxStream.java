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
import org.jspecify.annotations.Nullable;

/**
 * Sending side of work queue and push: keeps items until they are acknowledged and hands them to
 * receivers that have credit. Guarded by itself; the channel's thread sends and settles.
 */
final class OutboxStream implements Stream, WorkSource, Pusher, Backlog.HandOut {

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

  /** Who puts many takes part in sending them, before the receivers have nothing to do. */
  private static final int HELP_AFTER_ITEMS = 256;

  private static final long LEASE_CHECK_NANOS = 50_000_000;

  /** Who waits for room is woken when half of it is free, or has a look himself. */
  private static final long LONGEST_WAIT_MILLIS = 10;

  private final Setup setup;
  private final int stream;
  private final Loop loop;
  private final Backlog backlog = new Backlog();
  private final Intake intake = new Intake();
  private final Map<Integer, String> gone = new TreeMap<>();
  private final List<Item> dropped = new ArrayList<>();

  /** Settled by the message at hand; the channel's thread's. */
  private final List<Item> settled = new ArrayList<>();

  private final Ranges.Each settle = this::settle;

  /** Read without the monitor as well: a hint. */
  private volatile int acceptedSinceDispatch;

  private long servings;
  private long redelivered;
  private long nextLeaseCheckNanos;
  private boolean finishing;
  private @Nullable String closed;

  /** Who waits for room or for the end. */
  private final Waiters waiters;

  private long dispatchNanos;

  OutboxStream(Setup setup, Loop loop) {
    this.setup = setup;
    this.stream = Stream.idOf(setup.kind, setup.name);
    this.loop = loop;
    this.waiters = new Waiters(this, loop);
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
    return offer(key, payload, owned, null);
  }

  private Offer offer(
      ItemKey key,
      ByteBuffer payload,
      @Nullable RegisteredBuffer owned,
      @Nullable CompletableFuture<ItemKey> acknowledged) {
    int lengthBytes = payload.remaining();
    boolean copied = owned == null && lengthBytes <= Item.MOST_COPIED_BYTES;
    boolean checked = lengthBytes < setup.checkBelowBytes;
    int checksum = 0;
    if (checked && !copied) {
      synchronized (this) {
        Offer refusal = refusal(key, lengthBytes);
        if (refusal != null) {
          return refusal;
        }
      }
      // Not while the channel's thread may be waiting.
      checksum = Item.checksumOf(payload);
    }
    synchronized (this) {
      Offer refusal = refusal(key, lengthBytes);
      if (refusal != null) {
        return refusal;
      }
      Item item =
          copied ? intake.copy(key, payload, checked) : intake.keep(key, payload, owned, checksum);
      if (acknowledged != null) {
        item.acknowledgedBy(acknowledged);
      }
      backlog.accept(item);
      acceptedSinceDispatch++;
    }
    loop.wakeUp();
    return Offer.ACCEPTED;
  }

  /** Why it cannot be accepted; null when it can, and {@link #intake} has looked for its key. */
  private @Nullable Offer refusal(ItemKey key, int lengthBytes) {
    checkOpen();
    if (finishing) {
      throw new ChannelClosedException(this + " has been finished, nothing can be offered");
    }
    if (lengthBytes > setup.mostBytes) {
      throw new IllegalArgumentException(
          "payload of "
              + key
              + " has "
              + lengthBytes
              + " bytes, the limit is "
              + setup.mostBytes
              + "; raise maxMessageBytes on all members");
    }
    if (intake.find(key) >= 0) {
      return Offer.DUPLICATE;
    }
    checkReachable();
    return backlog.hasRoom(setup.queue, lengthBytes) ? null : Offer.BACK_PRESSURE;
  }

  @Override
  public void put(ItemKey key, ByteBuffer payload, Duration timeout) throws InterruptedException {
    put(key, payload, timeout, null);
  }

  private Offer put(
      ItemKey key,
      ByteBuffer payload,
      Duration timeout,
      @Nullable CompletableFuture<ItemKey> acknowledged)
      throws InterruptedException {
    Offer offer = offer(key, payload, null, acknowledged);
    if (offer != Offer.BACK_PRESSURE) {
      if (acceptedSinceDispatch >= HELP_AFTER_ITEMS) {
        if (!loop.help()) {
          loop.wakeUp();
        }
      }
      return offer;
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    while (offer == Offer.BACK_PRESSURE) {
      int seen = waiters.count();
      boolean room;
      synchronized (this) {
        room = backlog.hasRoom(setup.queue, payload.remaining());
      }
      if (!room && !waiters.await(seen, deadline, LONGEST_WAIT_MILLIS)) {
        throw new ChannelTimeoutException(
            "no room for " + key + " in " + this + " within " + timeout + ": " + standing());
      }
      offer = offer(key, payload, null, acknowledged);
    }
    return offer;
  }

  @Override
  public CompletableFuture<ItemKey> push(ItemKey key, ByteBuffer payload, Duration timeout)
      throws InterruptedException {
    CompletableFuture<ItemKey> acknowledged = new CompletableFuture<>();
    if (put(key, payload, timeout, acknowledged) == Offer.ACCEPTED) {
      return acknowledged.copy();
    }
    synchronized (this) {
      Item item = backlog.open(intake.find(key));
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

  @Override
  public void finish(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (this) {
      finishing = true;
    }
    loop.wakeUp();
    while (true) {
      int seen = waiters.count();
      synchronized (this) {
        checkOpen();
        if (backlog.isEmpty() && unfinished().isEmpty()) {
          return;
        }
        if (!backlog.isEmpty()) {
          checkReachable();
        }
      }
      if (!waiters.await(seen, deadline, LONGEST_WAIT_MILLIS)) {
        throw new ChannelTimeoutException(
            this + " is not finished after " + timeout + ": " + standing());
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
      dropped.addAll(backlog.openItems());
      backlog.clear();
      waiters.tell();
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
      item.settle(
          () ->
              item.fail(
                  new ChannelClosedException(
                      this + " was closed before " + item.key + " was acknowledged")));
    }
  }

  private void checkOpen() {
    if (closed != null) {
      throw new ChannelClosedException(this + " " + closed);
    }
  }

  private void checkReachable() {
    if (!gone.isEmpty() && gone.keySet().containsAll(setup.expected)) {
      throw new PeerLostException(
          gone.keySet(), this + " has nobody left to send to: " + loop.describe(gone));
    }
  }

  private Set<Integer> unfinished() {
    Set<Integer> ranks = new TreeSet<>(setup.expected);
    ranks.removeAll(gone.keySet());
    backlog.receivers().stream().filter(r -> r.endSeen).forEach(r -> ranks.remove(r.rank));
    return ranks;
  }

  private synchronized String standing() {
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

  // ---- channel's thread -------------------------------------------------------------------

  @Override
  public synchronized void dispatch(long now) {
    if (now - nextLeaseCheckNanos >= 0) {
      nextLeaseCheckNanos = now + LEASE_CHECK_NANOS;
      backlog.expireLeases(now);
      backlog.requeueUnreachable(now - setup.recallNanos);
    }
    dispatchNanos = now;
    acceptedSinceDispatch = 0;
    backlog.handOut(this);
    if (!waiters.isEmpty() && !finishing && backlog.isHalfEmpty(setup.queue)) {
      waiters.tell();
    }
    if (finishing && backlog.isEmpty()) {
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
      if (finishing || !gone.isEmpty()) {
        waiters.tell();
      }
    }
    for (Item item : settled) {
      item.settle();
    }
    synchronized (this) {
      for (Item item : settled) {
        intake.settled(item);
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
      if (finishing || hopeless) {
        waiters.tell();
      }
    }
    if (hopeless) {
      failIfUnreachable();
    }
  }

  private void subscribe(Session session, Message message) {
    if (!setup.expected.contains(session.rank) || closed != null) {
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
      waiters.tell();
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
  public void onChannelClosed(String cause) {
    shut(cause);
    releaseAll();
  }

  @Override
  public String toString() {
    return (setup.kind == Kind.QUEUE ? "work source '" : "pusher '") + setup.name + "'";
  }
}
