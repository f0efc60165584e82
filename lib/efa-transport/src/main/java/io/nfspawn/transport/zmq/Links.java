package io.nfspawn.transport.zmq;

import io.nfspawn.transport.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All links of a wire: which have something to read, to send or to tell, and whose time has come.
 * Owned by the thread that polls.
 */
final class Links {
  /** Who has not shown a ticket holds one of these; when they run out, the eldest goes. */
  static final int MOST_HALF_OPEN = 256;

  /** Later than that, nobody has polled: silence proves nothing. */
  private static final long STALL_NANOS = 1_000_000_000;

  private static final long LONGEST_WAIT_NANOS = 1_000_000_000;

  private final Selector selector;
  private final SendBuffers buffers;
  private final int longestFrameBytes;
  private final LongSupplier clock;
  private final Runnable accept;
  private final Consumer<SelectionKey> whoIsReady = this::onReady;
  private final Set<ZmqLink> all = new LinkedHashSet<>();
  private final ArrayDeque<ZmqLink> readable = new ArrayDeque<>();
  private final ArrayDeque<ZmqLink> dirty = new ArrayDeque<>();
  private final ArrayDeque<ZmqLink> broken = new ArrayDeque<>();
  private long nextDueNanos;

  /**
   * @param accept lets in who waits at the port
   */
  Links(int longestFrameBytes, LongSupplier clock, Runnable accept) {
    this.longestFrameBytes = longestFrameBytes;
    this.clock = clock;
    this.accept = accept;
    this.nextDueNanos = clock.getAsLong();
    this.buffers = new SendBuffers(longestFrameBytes);
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a selector (too many open files?)", e);
    }
  }

  Selector selector() {
    return selector;
  }

  SendBuffers buffers() {
    return buffers;
  }

  int longestFrameBytes() {
    return longestFrameBytes;
  }

  // ---- coming and going -------------------------------------------------------------------

  ZmqLink dial(Dial to, long now) {
    ZmqLink link = new ZmqLink(this, to, now);
    all.add(link);
    link.onDue(now, 0);
    onDueChanged(link.dueNanos());
    return link;
  }

  void accept(SocketChannel socket, Wire.@Nullable Gate gate, long now) throws IOException {
    all.add(new ZmqLink(this, socket, gate, now));
    ZmqLink eldest = null;
    int halfOpen = 0;
    for (ZmqLink link : all) {
      if (link.isHalfOpen()) {
        eldest = eldest == null ? link : eldest;
        halfOpen++;
      }
    }
    if (eldest != null && halfOpen > MOST_HALF_OPEN) {
      eldest.fail("waited longest of " + halfOpen + " that showed no ticket yet", now);
    }
  }

  void drop(ZmqLink link) {
    link.drop();
    all.remove(link);
  }

  /** A connection ended; {@code known}: who polls has to be told. */
  void onBroken(ZmqLink link, boolean known) {
    if (link.isAccepted()) {
      all.remove(link);
    }
    if (known) {
      broken.add(link);
    }
  }

  /** Whose end has to be told next. */
  @Nullable ZmqLink nextBroken() {
    ZmqLink link = broken.poll();
    while (link != null && link.isDropped()) {
      link = broken.poll();
    }
    return link;
  }

  // ---- work -------------------------------------------------------------------------------

  private void toRead(ZmqLink link) {
    if (!link.hasInput) {
      link.hasInput = true;
      readable.add(link);
    }
  }

  @Nullable ZmqLink nextReadable() {
    ZmqLink link = readable.poll();
    if (link != null) {
      link.hasInput = false;
    }
    return link;
  }

  void toFlush(ZmqLink link) {
    if (!link.dirty) {
      link.dirty = true;
      dirty.add(link);
    }
  }

  void flush() {
    for (ZmqLink link = dirty.poll(); link != null; link = dirty.poll()) {
      link.dirty = false;
      link.flush();
    }
  }

  boolean hasUnsent() {
    for (ZmqLink link : all) {
      if (link.hasUnsent()) {
        return true;
      }
    }
    return false;
  }

  /** True when something waits for the next poll. */
  boolean hasWork() {
    return !readable.isEmpty() || !broken.isEmpty();
  }

  // ---- time -------------------------------------------------------------------------------

  void onDueChanged(long nanos) {
    if (nanos - nextDueNanos < 0) {
      nextDueNanos = nanos;
    }
  }

  /** How long nothing is due. */
  long idleNanos(long now) {
    return nextDueNanos - now;
  }

  void watch(long now) {
    if (now - nextDueNanos < 0) {
      return;
    }
    long late = now - nextDueNanos;
    long stalled = late > STALL_NANOS ? late : 0;
    nextDueNanos = now + LONGEST_WAIT_NANOS;
    for (ZmqLink link : new ArrayList<>(all)) {
      if (now - link.dueNanos() >= 0) {
        link.onDue(now, stalled);
      }
      onDueChanged(link.dueNanos());
    }
  }

  // ---- the selector -----------------------------------------------------------------------

  /** Looks which sockets are ready, waiting so long at most; 0: not at all. */
  void select(long millis) {
    try {
      if (millis == 0) {
        selector.selectNow(whoIsReady);
      } else {
        selector.select(whoIsReady, millis);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot wait for sockets", e);
    }
  }

  private void onReady(SelectionKey key) {
    if (!key.isValid()) {
      return;
    }
    if (!(key.attachment() instanceof ZmqLink link)) {
      accept.run();
      return;
    }
    if (key.isConnectable()) {
      link.onConnected(clock.getAsLong());
      return;
    }
    if (key.isWritable()) {
      link.flush();
    }
    if (key.isValid() && key.isReadable()) {
      toRead(link);
    }
  }

  void close() {
    for (ZmqLink link : all) {
      link.drop();
    }
    all.clear();
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the selector", e);
    }
  }
}
