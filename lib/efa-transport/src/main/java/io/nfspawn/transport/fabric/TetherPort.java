package io.nfspawn.transport.fabric;

import io.nfspawn.transport.ChannelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port that tethers come to. Owned by the wire's thread. */
class TetherPort implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TetherPort.class);
  private static final int BACKLOG = 256;

  /** When this process may open no more files. */
  private static final long PAUSE_NANOS = 100_000_000;

  private final ServerSocketChannel server;
  private @Nullable SelectionKey key;
  private boolean paused;
  private long resumeNanos;

  /** Listens on a port of the kernel's choice. */
  TetherPort(String host) {
    ServerSocketChannel opened = null;
    try {
      opened = ServerSocketChannel.open();
      opened.bind(new InetSocketAddress(host, 0), BACKLOG);
      opened.configureBlocking(false);
      server = opened;
    } catch (IOException | RuntimeException e) {
      Tethers.closeQuietly(opened);
      throw new ChannelException(
          "cannot listen on "
              + host
              + " ("
              + e.getMessage()
              + "); it must be an address of this machine, see host in members.json",
          e);
    }
  }

  int port() {
    return server.socket().getLocalPort();
  }

  void register(Selector selector) throws IOException {
    key = server.register(selector, SelectionKey.OP_ACCEPT);
  }

  /** Who waits; null when nobody does or this process cannot let him in now. */
  @Nullable SocketChannel accept(long nowNanos) {
    try {
      return next();
    } catch (IOException e) {
      log.warn("event=accept_failed at={} reason=\"{}\"", port(), e.getMessage());
      pause(nowNanos);
      return null;
    }
  }

  @Nullable SocketChannel next() throws IOException {
    return server.accept();
  }

  private void pause(long nowNanos) {
    paused = true;
    resumeNanos = nowNanos + PAUSE_NANOS;
    if (key != null) {
      key.interestOps(0);
    }
  }

  /** Goes on after a pause. */
  void watch(long nowNanos) {
    if (paused && nowNanos - resumeNanos >= 0) {
      paused = false;
      if (key != null) {
        key.interestOps(SelectionKey.OP_ACCEPT);
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the tethers' port", e);
    }
  }
}
