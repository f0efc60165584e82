package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelClosedException;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.Inbox;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The application's side of an inbox, whatever its pattern: items that are here wait to be taken,
 * and threads wait for items. Guarded by itself.
 */
abstract class AnyInbox<D extends Delivery> implements Inbox {
  private final Loop loop;

  /** Here and not taken, in order. */
  private final Deque<D> ready = new ArrayDeque<>();

  /** Lists of what was visited, for other drains. */
  private final Deque<List<D>> lists = new ArrayDeque<>();

  /** Who waits for an item or the end. */
  private final Waiters takers;

  /** What the application gets to hear once this is closed. */
  private @Nullable String closed;

  AnyInbox(Loop loop) {
    this.loop = loop;
    this.takers = new Waiters(this, loop);
  }

  // ---- of its pattern; with the monitor, but for visited() ------------------------------------

  /** True when nothing more will come. */
  abstract boolean isEnded();

  /**
   * Called when nothing is here.
   *
   * @throws io.nfspawn.transport.PeerLostException when what was to come will not
   */
  abstract void checkSenders();

  /** Ranks that more may come from. */
  abstract Collection<Integer> awaited();

  /** Acknowledges what a visitor has had: the objects are known to nobody else. */
  abstract void visited(List<D> items);

  // ---- for its pattern; with the monitor --------------------------------------------------------

  /** To be told to takers with {@link #tellTakers}. */
  void arrived(D item) {
    ready.add(item);
  }

  /** The end, or a loss, is news to who waits. */
  void tellTakers() {
    takers.tell();
  }

  boolean isShut() {
    return closed != null;
  }

  /** Nothing can be taken any more; the first reason stands. */
  void shut(String why) {
    if (closed == null) {
      closed = why;
      ready.forEach(Delivery::release);
      ready.clear();
    }
    takers.tell();
  }

  // ---- application ------------------------------------------------------------------------------

  private void checkOpen() {
    if (closed != null) {
      throw new ChannelClosedException(this + " " + closed);
    }
  }

  @Override
  public synchronized boolean isFinished() {
    return ready.isEmpty() && isEnded();
  }

  @Override
  public synchronized @Nullable Delivery poll() {
    checkOpen();
    Delivery next = ready.poll();
    if (next == null && !isEnded()) {
      checkSenders();
    }
    return next;
  }

  @Override
  public Optional<Delivery> take(Duration timeout) throws InterruptedException {
    long deadline = 0;
    while (true) {
      int seen = takers.count();
      synchronized (this) {
        Delivery next = poll();
        if (next != null) {
          return Optional.of(next);
        }
        if (isEnded()) {
          return Optional.empty();
        }
      }
      deadline = deadline == 0 ? System.nanoTime() + timeout.toNanos() : deadline;
      await(seen, deadline, timeout);
    }
  }

  @Override
  public int drain(int limit, Duration timeout, Consumer<? super Delivery> visitor)
      throws InterruptedException {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, got " + limit);
    }
    long deadline = 0;
    while (true) {
      int seen = takers.count();
      List<D> items;
      synchronized (this) {
        items = takeSome(limit);
        if (items.isEmpty()) {
          if (isEnded()) {
            return 0;
          }
          checkSenders();
        }
      }
      if (!items.isEmpty()) {
        int count = items.size();
        visit(items, visitor);
        return count;
      }
      deadline = deadline == 0 ? System.nanoTime() + timeout.toNanos() : deadline;
      await(seen, deadline, timeout);
    }
  }

  private List<D> takeSome(int limit) {
    checkOpen();
    int count = Math.min(limit, ready.size());
    if (count == 0) {
      return List.of();
    }
    List<D> spare = lists.poll();
    List<D> items = spare == null ? new ArrayList<>(count) : spare;
    for (int i = 0; i < count; i++) {
      items.add(ready.remove());
    }
    return items;
  }

  private void visit(List<D> items, Consumer<? super Delivery> visitor) {
    int visited = 0;
    try {
      for (; visited < items.size(); visited++) {
        visitor.accept(items.get(visited));
      }
    } finally {
      if (visited < items.size()) {
        putBack(items, visited);
      }
      visited(items);
      items.clear();
      synchronized (this) {
        lists.push(items);
      }
    }
  }

  /** Puts back what was taken and, from {@code visited} on, not visited. */
  private synchronized void putBack(List<D> items, int visited) {
    for (int i = items.size() - 1; i >= visited; i--) {
      D item = items.remove(i);
      if (closed == null) {
        ready.addFirst(item);
      } else {
        item.release();
      }
    }
    takers.tell(); // Others may have begun to wait while these were away.
  }

  private void await(int seen, long deadline, Duration timeout) throws InterruptedException {
    if (!takers.await(seen, deadline, Long.MAX_VALUE)) {
      Collection<Integer> ranks;
      synchronized (this) {
        ranks = awaited();
      }
      throw new ChannelTimeoutException(
          this + " got nothing within " + timeout + ", waiting for " + loop.describe(ranks));
    }
  }
}
