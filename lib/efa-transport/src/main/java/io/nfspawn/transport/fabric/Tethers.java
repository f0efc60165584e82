package io.nfspawn.transport.fabric;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One idle TCP connection for each link. No provider says that a peer's process has died, but its
 * kernel closes this. Whoever dialled writes the link's number once; nothing else is ever sent.
 *
 * <p>A tether may be here before its link is, so what anybody ties is kept for a while: at most
 * {@value #MOST_LOOSE} tethers and {@value #LONGEST_LOOSE_SECONDS} s without a link. Owned by the
 * wire's thread.
 */
final class Tethers implements AutoCloseable {
  /** Of no link that is known; the eldest goes when there are more. */
  static final int MOST_LOOSE = 256;

  static final int LONGEST_LOOSE_SECONDS = 60;

  private static final Logger log = LoggerFactory.getLogger(Tethers.class);
  private static final long LONGEST_LOOSE_NANOS = LONGEST_LOOSE_SECONDS * 1_000_000_000L;
  private static final long QUIET_NANOS = 60_000_000_000L;
  private static final int MOST_A_TURN = 64;

  private final Selector selector;
  private final TetherPort port;
  private final LongPredicate isLinked;
  private final Map<Long, SocketChannel> dialled = new HashMap<>();
  private final Map<Long, Tether> accepted = new HashMap<>();

  /** Accepted, eldest first, until it is their turn to go: those that have a link by then stay. */
  private final Set<Tether> loose = new LinkedHashSet<>();

  /** Tethers that went since somebody was told of it. */
  private int unsaid;

  private long nextSaidNanos = System.nanoTime();

  /** A connection, and the link it stands for once that is known. */
  private static final class Tether {
    final SocketChannel channel;
    final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    final boolean dialled;
    final long sinceNanos;
    long link;

    Tether(SocketChannel channel, boolean dialled, long link, long sinceNanos) {
      this.channel = channel;
      this.dialled = dialled;
      this.link = link;
      this.sinceNanos = sinceNanos;
    }

    boolean isKnown() {
      return dialled || !number.hasRemaining();
    }
  }

  /**
   * @param isLinked whether there is a link that was accepted under the peer's number of it
   */
  Tethers(String host, LongPredicate isLinked) {
    this(new TetherPort(host), isLinked);
  }

  /** The port is closed with this. */
  Tethers(TetherPort port, LongPredicate isLinked) {
    this.port = port;
    this.isLinked = isLinked;
    try {
      selector = Selector.open();
      port.register(selector);
    } catch (IOException e) {
      port.close();
      throw new UncheckedIOException("cannot watch tethers (too many open files?)", e);
    }
  }

  int port() {
    return port.port();
  }

  /** Ties {@code link} to the process that listens there; that it cannot counts as broken. */
  void dial(long link, String peerHost, int peerPort) {
    try {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      Tether tether = new Tether(channel, true, link, System.nanoTime());
      tether.number.putLong(link).flip();
      channel.register(selector, SelectionKey.OP_CONNECT, tether);
      dialled.put(link, channel);
      channel.connect(new InetSocketAddress(peerHost, peerPort));
    } catch (IOException | RuntimeException e) {
      // Nothing is tied: only silence will tell. The next poll finds the key cancelled.
      cut(link);
    }
  }

  /** Forgets the tether of a link that this side dialled. */
  void cut(long link) {
    closeQuietly(dialled.remove(link));
  }

  /** Forgets the tether of a link that was accepted under the peer's number of it. */
  void cutAccepted(long link) {
    Tether tether = accepted.remove(link);
    if (tether != null) {
      loose.remove(tether);
      closeQuietly(tether.channel);
    }
  }

  /** Tells the links, dialled or accepted, whose tether broke since the last call. */
  void poll(long nowNanos, LongConsumer dialledBroke, LongConsumer acceptedBroke) {
    port.watch(nowNanos);
    endOverdue(nowNanos);
    try {
      if (selector.selectNow() == 0) {
        return;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot watch tethers", e);
    }
    Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
    while (ready.hasNext()) {
      SelectionKey key = ready.next();
      ready.remove();
      if (!(key.attachment() instanceof Tether tether)) {
        accept(nowNanos);
      } else if (key.isValid() && !serve(key, tether)) {
        broke(tether, dialledBroke, acceptedBroke);
      }
    }
  }

  private void accept(long nowNanos) {
    for (int i = 0; i < MOST_A_TURN; i++) {
      SocketChannel channel = port.accept(nowNanos);
      if (channel == null) {
        return;
      }
      if (loose.size() >= MOST_LOOSE) {
        endEldest(nowNanos);
      }
      try {
        Tether tether = new Tether(channel, false, 0, nowNanos);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, tether);
        loose.add(tether);
      } catch (IOException e) {
        closeQuietly(channel); // It ended before it began.
      }
    }
  }

  // ---- tethers of no link -------------------------------------------------------------------

  private void endOverdue(long nowNanos) {
    while (!loose.isEmpty()
        && nowNanos - loose.iterator().next().sinceNanos >= LONGEST_LOOSE_NANOS) {
      endEldest(nowNanos);
    }
  }

  /** Ends the eldest of those whose link is not known, unless it is by now. */
  private void endEldest(long nowNanos) {
    Tether eldest = loose.iterator().next();
    loose.remove(eldest);
    if (eldest.isKnown() && isLinked.test(eldest.link)) {
      return;
    }
    if (eldest.isKnown()) {
      accepted.remove(eldest.link, eldest);
    }
    unsaid++;
    if (nowNanos - nextSaidNanos >= 0) {
      log.warn(
          "event=tethers_refused first={} count={} reason=\"they belong to no link\"",
          eldest.channel.socket().getRemoteSocketAddress(),
          unsaid);
      nextSaidNanos = nowNanos + QUIET_NANOS;
      unsaid = 0;
    }
    closeQuietly(eldest.channel);
  }

  // ---- what comes over a tether -------------------------------------------------------------

  /** False when it is over. */
  private boolean serve(SelectionKey key, Tether tether) {
    SocketChannel channel = tether.channel;
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        channel.write(tether.number);
        key.interestOps(SelectionKey.OP_READ);
        return true;
      }
      if (tether.isKnown()) {
        return channel.read(ByteBuffer.allocate(1)) == 0;
      }
      if (channel.read(tether.number) < 0) {
        return false;
      }
      if (tether.number.hasRemaining()) {
        return true;
      }
      tether.link = tether.number.getLong(0);
      // Who comes second under one number cannot end the link of the first by leaving.
      return accepted.putIfAbsent(tether.link, tether) == null;
    } catch (IOException e) {
      return false;
    }
  }

  private void broke(Tether tether, LongConsumer dialledBroke, LongConsumer acceptedBroke) {
    closeQuietly(tether.channel);
    loose.remove(tether);
    if (tether.dialled) {
      if (dialled.remove(tether.link, tether.channel)) {
        dialledBroke.accept(tether.link);
      }
    } else if (tether.isKnown() && accepted.remove(tether.link, tether)) {
      acceptedBroke.accept(tether.link);
    }
  }

  static void closeQuietly(@Nullable Channel c) {
    if (c != null) {
      try {
        c.close();
      } catch (IOException e) {
        // It carries nothing that could get lost.
      }
    }
  }

  @Override
  public void close() {
    dialled.values().forEach(Tethers::closeQuietly);
    selector.keys().forEach(key -> closeQuietly(key.channel()));
    port.close();
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the tethers' selector", e);
    }
  }
}
