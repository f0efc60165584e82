package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Sockets of those who talk to a channel without being one. */
final class RawDealer {
  private static final AtomicInteger MONITORS = new AtomicInteger();
  private static final int HIGH_WATER = 10;

  private RawDealer() {}

  /** Connected, with a ticket to show; the connection stands when this returns. */
  static ZMQ.Socket connect(ZContext context, String endpoint, byte[] ticket) {
    ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
    socket.setHWM(HIGH_WATER);
    socket.setSendTimeOut(10_000);
    socket.setReceiveTimeOut(10_000);
    String text = Base64.getEncoder().encodeToString(ticket);
    socket.setPlainUsername("t" + text.substring(0, text.length() / 2));
    socket.setPlainPassword("t" + text.substring(text.length() / 2));
    String place = "inproc://raw-dealer-" + MONITORS.incrementAndGet();
    socket.monitor(place, ZMQ.EVENT_HANDSHAKE_PROTOCOL);
    ZMQ.Socket monitor = context.createSocket(SocketType.PAIR);
    monitor.connect(place);
    socket.connect(endpoint);
    // JeroMQ forgets fresh connections until another one is added.
    await()
        .atMost(WAIT)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              ZMQ.Socket passerBy = context.createSocket(SocketType.DEALER);
              passerBy.connect(endpoint);
              passerBy.close();
              return monitor.recv(ZMQ.DONTWAIT) != null;
            });
    return socket;
  }
}
