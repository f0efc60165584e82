package io.nfspawn.transport.zmq;

import io.nfspawn.transport.ChannelException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a link of ours leads, and when to try next. Names are looked up on a thread of their own,
 * for that may take seconds; addresses need none.
 */
final class Dial {
  private static final long FIRST_BACK_OFF_NANOS = 50_000_000;
  private static final long LONGEST_BACK_OFF_NANOS = 500_000_000;
  private static final int MOST_PORT = 65_535;
  private static final Pattern ENDPOINT = Pattern.compile("tcp://(.+):(\\d{1,5})");
  private static final Pattern ADDRESS = Pattern.compile("[\\d.]+|\\[.*]|.*:.*");

  private final String endpoint;
  private final byte[] ticket;
  private final String host;
  private final int port;
  private @Nullable CompletableFuture<@Nullable InetAddress> lookUp;
  private long backOffNanos = FIRST_BACK_OFF_NANOS;

  Dial(String endpoint, byte[] ticket) {
    Matcher parts = ENDPOINT.matcher(endpoint);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > MOST_PORT) {
      throw new ChannelException(
          "cannot dial '"
              + endpoint
              + "': expected tcp://HOST:PORT, see endpoints in members.json");
    }
    this.endpoint = endpoint;
    this.ticket = ticket;
    this.host = parts.group(1);
    this.port = Integer.parseInt(parts.group(2));
  }

  String endpoint() {
    return endpoint;
  }

  byte[] ticket() {
    return ticket;
  }

  /** Where to connect to; null while the name is looked up or when nobody has it: ask again. */
  @Nullable InetSocketAddress address() {
    CompletableFuture<@Nullable InetAddress> under = lookUp;
    if (under == null) {
      under = new CompletableFuture<>();
      lookUp = under;
      start(under);
    }
    if (!under.isDone()) {
      return null;
    }
    lookUp = null; // Each time anew: names move, and the JDK remembers them for a while.
    InetAddress address = under.join();
    return address == null ? null : new InetSocketAddress(address, port);
  }

  private void start(CompletableFuture<@Nullable InetAddress> into) {
    if (ADDRESS.matcher(host).matches()) {
      into.complete(resolve());
      return;
    }
    Thread thread = new Thread(() -> into.complete(resolve()), "spawn-channel-look-up");
    thread.setDaemon(true);
    thread.start();
  }

  private @Nullable InetAddress resolve() {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** How long to wait before the next attempt; longer each time. */
  long backOffNanos() {
    long now = backOffNanos;
    backOffNanos = Math.min(2 * now, LONGEST_BACK_OFF_NANOS);
    return now;
  }

  /** The connection stands. */
  void succeeded() {
    backOffNanos = FIRST_BACK_OFF_NANOS;
  }
}
