package io.nfspawn.transport.fabric;

import io.nfspawn.transport.ChannelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One idle TCP connection for each link. No provider says that a peer's process has died, but its
 * kernel closes this. Whoever dialled writes the link's number once; nothing else is ever sent.
 * Owned by the wire's thread.
 */
final class Tethers implements AutoCloseable {
  private static final int MOST_UNKNOWN = 256;

  private final Selector selector;
  private final ServerSocketChannel server;
  private final String host;
  private final Map<Long, SocketChannel> dialled = new HashMap<>();
  private final Map<Long, SocketChannel> accepted = new HashMap<>();

  /** Who has not said yet which link he stands for; the eldest goes when there are too many. */
  private final Set<SocketChannel> unknown = new LinkedHashSet<>();

  /** A connection, and the link it stands for once that is known. */
  private static final class Tether {
    final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    final boolean dialled;
    long link;

    Tether(boolean dialled, long link) {
      this.dialled = dialled;
      this.link = link;
    }

    boolean isKnown() {
      return dialled || !number.hasRemaining();
    }
  }

  Tethers(String host) {
    this.host = host;
    try {
      selector = Selector.open();
      server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(host, 0), MOST_UNKNOWN);
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException | RuntimeException e) {
      throw new ChannelException(
          "cannot listen on "
              + host
              + " ("
              + e.getMessage()
              + "); it must be an address of this machine, see host in members.json",
          e);
    }
  }

  String host() {
    return host;
  }

  int port() {
    try {
      return ((InetSocketAddress) server.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ties {@code link} to the process that listens there; that it cannot counts as broken. */
  void dial(long link, String peerHost, int peerPort) {
    try {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      Tether tether = new Tether(true, link);
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
    closeQuietly(accepted.remove(link));
  }

  /** Tells the links, dialled or accepted, whose tether broke since the last call. */
  void poll(LongConsumer dialledBroke, LongConsumer acceptedBroke) {
    try {
      if (selector.selectNow() == 0) {
        return;
      }
      Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
      while (ready.hasNext()) {
        SelectionKey key = ready.next();
        ready.remove();
        if (key.channel() == server) {
          accept();
        } else if (key.isValid() && !serve(key)) {
          broke(key, dialledBroke, acceptedBroke);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot watch tethers", e);
    }
  }

  private void accept() throws IOException {
    for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
      if (unknown.size() >= MOST_UNKNOWN) {
        SocketChannel eldest = unknown.iterator().next();
        unknown.remove(eldest);
        closeQuietly(eldest);
      }
      unknown.add(channel);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Tether(false, 0));
    }
  }

  private boolean serve(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    Tether tether = (Tether) key.attachment();
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
      if (!tether.number.hasRemaining()) {
        unknown.remove(channel);
        tether.link = tether.number.getLong(0);
        accepted.put(tether.link, channel);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void broke(SelectionKey key, LongConsumer dialledBroke, LongConsumer acceptedBroke) {
    SocketChannel channel = (SocketChannel) key.channel();
    Tether tether = (Tether) key.attachment();
    closeQuietly(channel);
    if (!tether.isKnown()) {
      unknown.remove(channel);
    } else if (tether.dialled) {
      if (dialled.remove(tether.link, channel)) {
        dialledBroke.accept(tether.link);
      }
    } else if (accepted.remove(tether.link, channel)) {
      acceptedBroke.accept(tether.link);
    }
  }

  private static void closeQuietly(@Nullable Channel c) {
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
    closeQuietly(server);
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the tethers' selector", e);
    }
  }
}
