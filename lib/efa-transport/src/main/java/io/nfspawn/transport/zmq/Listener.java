package io.nfspawn.transport.zmq;

import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port others dial. */
final class Listener {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);
  private static final int BACKLOG = 512;
  private static final int MOST_A_TURN = 64;

  /** When this process may open no more files. */
  private static final long PAUSE_NANOS = 100_000_000;

  private final ServerSocketChannel channel;
  private final SelectionKey key;
  private final String endpoint;
  private boolean paused;
  private long resumeNanos;

  private Listener(ServerSocketChannel channel, SelectionKey key, String endpoint) {
    this.channel = channel;
    this.key = key;
    this.endpoint = endpoint;
  }

  /** Listens on a port of the kernel's choice. */
  static Listener open(String host, Selector selector) {
    ServerSocketChannel opened = null;
    try {
      opened = ServerSocketChannel.open();
      opened.bind(new InetSocketAddress(host, 0), BACKLOG);
      opened.configureBlocking(false);
      int port = opened.socket().getLocalPort();
      String inUrl = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
      return new Listener(
          opened, opened.register(selector, SelectionKey.OP_ACCEPT), "tcp://" + inUrl + ":" + port);
    } catch (IOException | UnresolvedAddressException e) {
      close(opened);
      String why = e instanceof UnresolvedAddressException ? "unknown host" : e.getMessage();
      throw new ChannelException(
          "cannot listen on %s (%s); it must be an address of this machine, see host in members.json"
              .formatted(host, why),
          e);
    }
  }

  String endpoint() {
    return endpoint;
  }

  /** Lets in who waits. */
  void accept(Links links, Wire.@Nullable Gate gate, long now) {
    for (int i = 0; i < MOST_A_TURN; i++) {
      SocketChannel socket = null;
      try {
        socket = channel.accept();
        if (socket == null) {
          return;
        }
        socket.configureBlocking(false);
        links.accept(socket, gate, now);
      } catch (IOException e) {
        if (socket == null) {
          pause(e, now);
          return;
        }
        close(socket); // It ended before it began.
      }
    }
  }

  private void pause(IOException why, long now) {
    log.warn("event=accept_failed at={} reason=\"{}\"", endpoint, why.getMessage());
    paused = true;
    resumeNanos = now + PAUSE_NANOS;
    key.interestOps(0);
  }

  /** Goes on after a pause. */
  void watch(long now) {
    if (paused && now - resumeNanos >= 0) {
      paused = false;
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  void close() {
    close(channel);
  }

  private static void close(java.nio.channels.@Nullable Channel open) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      log.debug("event=socket_not_closed reason=\"{}\"", e.getMessage());
    }
  }
}
