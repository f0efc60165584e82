package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelClosedException;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.Outbox;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.fabric.ffi.SharedMemory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The application's side of an outbox, whatever its pattern: items are offered, and threads wait
 * for room or the end. Guarded by itself.
 */
abstract class AnyOutbox implements Outbox, Stream {
  /** Who puts many takes part in sending them, before the receivers have nothing to do. */
  private static final int HELP_AFTER_ITEMS = 256;

  /** Who waits for room is woken when half of it is free, or has a look himself. */
  private static final long LONGEST_WAIT_MILLIS = 10;

  final int stream;
  final Loop loop;
  private final int mostBytes;
  private final int checkBelowBytes;
  private final Intake intake = new Intake();

  /** What will not be sent any more, and is to be let go of by the channel's thread. */
  private final List<Item> dropped = new ArrayList<>();

  /** Who waits for room or for the end. */
  private final Waiters waiters;

  /** Read without the monitor as well: a hint. */
  private volatile int acceptedSinceDispatch;

  private boolean finishing;
  private @Nullable String closed;

  /**
   * @param checkBelowBytes payloads of this length or more get no checksum
   */
  AnyOutbox(Kind kind, String name, int mostBytes, int checkBelowBytes, Loop loop) {
    this.stream = Stream.idOf(kind, name);
    this.mostBytes = mostBytes;
    this.checkBelowBytes = checkBelowBytes;
    this.loop = loop;
    this.waiters = new Waiters(this, loop);
  }

  // ---- of its pattern; with the monitor
  // -----------------------------------------------------------

  abstract void accept(Item item);

  abstract boolean hasRoom(int lengthBytes);

  /**
   * @throws io.nfspawn.transport.PeerLostException when there is nobody left to send to
   */
  abstract void checkReachable();

  /**
   * True when all of it has arrived.
   *
   * @throws io.nfspawn.transport.PeerLostException when it never will
   */
  abstract boolean isThrough();

  /** How far it has got, for who waited in vain. */
  abstract String standing();

  /** Takes out all that is not acknowledged. */
  abstract Collection<Item> dropAll();

  /** It was closed before its end; on the channel's thread and without the monitor. */
  void onClosedEarly(String why) {}

  // ---- for its pattern; with the monitor, but for letGo()
  // -----------------------------------------

  boolean isFinishing() {
    return finishing;
  }

  boolean isShut() {
    return closed != null;
  }

  /** Something happened that somebody may wait for. */
  void tellWaiters() {
    waiters.tell();
  }

  boolean hasWaiters() {
    return !waiters.isEmpty();
  }

  /** All that was accepted until now is being handed out. */
  void dispatching() {
    acceptedSinceDispatch = 0;
  }

  /** The number of the item that had this key; negative when none has. */
  int numberOf(ItemKey key) {
    return intake.find(key);
  }

  /** A settled item's object may become another item. */
  void reuse(Item item) {
    intake.settled(item);
  }

  /** True when it was open and not at its end; the first reason stands. */
  private synchronized boolean shut(String why) {
    if (closed != null) {
      return false;
    }
    closed = why;
    Collection<Item> open = dropAll();
    dropped.addAll(open);
    waiters.tell();
    return !finishing || !open.isEmpty();
  }

  /** Gives memory back and tells who waits; on the channel's thread. */
  private void letGo() {
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

  // ---- application
  // --------------------------------------------------------------------------------

  @Override
  public Offer offer(ItemKey key, ByteBuffer payload) {
    return offer(key, payload, null, null);
  }

  @Override
  public Offer offer(ItemKey key, RegisteredBuffer payload) {
    return offer(key, payload.buffer(), payload, null);
  }

  private Offer offer(
      ItemKey key,
      ByteBuffer payload,
      @Nullable RegisteredBuffer owned,
      @Nullable CompletableFuture<ItemKey> acknowledged) {
    int lengthBytes = payload.remaining();
    boolean copied = owned == null && lengthBytes <= Item.MOST_COPIED_BYTES;
    boolean checked = lengthBytes < checkBelowBytes;
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
      Item item = copied ? intake.copy(key, payload, checked) : keep(key, payload, owned, checksum);
      if (acknowledged != null) {
        item.acknowledgedBy(acknowledged);
      }
      accept(item);
      acceptedSinceDispatch++;
    }
    loop.wakeUp();
    return Offer.ACCEPTED;
  }

  private Item keep(
      ItemKey key, ByteBuffer payload, @Nullable RegisteredBuffer owned, int checksum) {
    RegisteredBuffer lease = owned == null ? loop.lease(payload) : null;
    if (lease == null && owned == null && !SharedMemory.isReadable(payload)) {
      throw new IllegalArgumentException(
          ("payload of %s lies in memory that the channel's thread may not read: that of a confined"
                  + " arena, or freed; use a shared arena or channel.buffers()")
              .formatted(key));
    }
    return lease == null
        ? intake.keep(key, payload, owned, checksum)
        : intake.keep(key, lease.buffer(), lease, checksum);
  }

  /** Why it cannot be accepted; null when it can, and {@link #intake} has looked for its key. */
  private @Nullable Offer refusal(ItemKey key, int lengthBytes) {
    checkOpen();
    if (finishing) {
      throw new ChannelClosedException(this + " has been finished, nothing can be offered");
    }
    if (lengthBytes > mostBytes) {
      throw new IllegalArgumentException(
          "payload of %s has %d bytes, the limit is %d; raise maxMessageBytes on all members"
              .formatted(key, lengthBytes, mostBytes));
    }
    if (intake.find(key) >= 0) {
      return Offer.DUPLICATE;
    }
    checkReachable();
    return hasRoom(lengthBytes) ? null : Offer.BACK_PRESSURE;
  }

  private void checkOpen() {
    if (closed != null) {
      throw new ChannelClosedException(this + " " + closed);
    }
  }

  @Override
  public void put(ItemKey key, ByteBuffer payload, Duration timeout) throws InterruptedException {
    put(key, payload, timeout, null);
  }

  Offer put(
      ItemKey key,
      ByteBuffer payload,
      Duration timeout,
      @Nullable CompletableFuture<ItemKey> acknowledged)
      throws InterruptedException {
    Offer offer = offer(key, payload, null, acknowledged);
    if (offer == Offer.BACK_PRESSURE) {
      return putOnceThereIsRoom(key, payload, timeout, acknowledged);
    }
    if (acceptedSinceDispatch >= HELP_AFTER_ITEMS && !loop.help()) {
      loop.wakeUp();
    }
    return offer;
  }

  private Offer putOnceThereIsRoom(
      ItemKey key,
      ByteBuffer payload,
      Duration timeout,
      @Nullable CompletableFuture<ItemKey> acknowledged)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Offer offer = Offer.BACK_PRESSURE;
    while (offer == Offer.BACK_PRESSURE) {
      int seen = waiters.count();
      boolean room;
      synchronized (this) {
        room = hasRoom(payload.remaining());
      }
      if (!room && !waiters.await(seen, deadline, LONGEST_WAIT_MILLIS)) {
        throw new ChannelTimeoutException(
            "no room for " + key + " in " + this + " within " + timeout + ": " + readStanding());
      }
      offer = offer(key, payload, null, acknowledged);
    }
    return offer;
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
        if (isThrough()) {
          return;
        }
      }
      if (!waiters.await(seen, deadline, LONGEST_WAIT_MILLIS)) {
        throw new ChannelTimeoutException(
            this + " is not finished after " + timeout + ": " + readStanding());
      }
    }
  }

  private synchronized String readStanding() {
    return standing();
  }

  @Override
  public void close() {
    String why = "has been closed";
    boolean early = shut(why);
    loop.execute(
        () -> {
          if (early) {
            onClosedEarly(why);
          }
          letGo();
          loop.unregister(stream, this);
        });
  }

  @Override
  public void onChannelClosed(String cause) {
    var unused = shut(cause);
    letGo();
  }
}
