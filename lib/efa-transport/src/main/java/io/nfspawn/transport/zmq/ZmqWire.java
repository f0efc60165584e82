package io.nfspawn.transport.zmq;

import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.Msg;
import zmq.SocketBase;
import zmq.ZError;

/**
 * ROUTER that listens, one DEALER for each peer dialled. ZMTP's PLAIN mechanism carries a ticket,
 * so that a stranger's connection ends before it has a queue; the frames prove themselves. A link's
 * queue holds {@value #QUEUED_FRAMES} frames, and bytes for {@value #QUEUED_LONG_FRAMES} of the
 * longest; ROUTER is mandatory, so that it says so when it is full or its peer is gone instead of
 * dropping.
 */
public final class ZmqWire implements Wire {
  /** Its name in {@code members.json}. */
  public static final String NAME = "zmq";

  /**
   * As many as libzmq has: at 64 short frames the two threads waited for each other all the time.
   */
  private static final int QUEUED_FRAMES = 1000;

  private static final int QUEUED_LONG_FRAMES = 64;

  /** Sessions notice silence themselves; this only removes connections that nobody uses. */
  private static final int HEARTBEAT_MILLIS = 5000;

  private static final int HEARTBEAT_TIMEOUT_MILLIS = 60_000;
  private static final int HANDSHAKE_MILLIS = 5000;
  private static final long FIRST_NUDGE_NANOS = 15_000_000;
  private static final long LONGEST_NUDGE_NANOS = 1_000_000_000;
  private static final byte[] BROKEN = {0};
  private static final int DONT_WAIT = ZMQ.DONTWAIT;
  private static final Accepted NOBODY = new Accepted(new byte[0], "");

  private final long longestFrameBytes;
  private final long queuedBytes;
  private final ZContext context = new ZContext(1);
  private final IoThread.Calls calls = new IoThread.Calls();
  private final Doorkeeper doorkeeper = new Doorkeeper(context);
  private final Pipe wakeUps;
  private final ByteBuffer drained = ByteBuffer.allocate(64);
  private volatile boolean called;
  private volatile boolean parked;
  private final List<Dialled> dialled = new ArrayList<>();

  /** Who has dialled and sent something, until the connection breaks. */
  private final Map<ByteBuffer, Accepted> accepted = new HashMap<>();

  private ZMQ.@Nullable Socket router;
  private ZMQ.@Nullable Poller poller;
  private int monitors;

  /** Who sent the last frame: mostly the next one is his too. */
  private Accepted lastSender = NOBODY;

  /** The way back to whoever dialled: the name ROUTER gave the connection. */
  private static final class Accepted implements Link {
    private final QueuedFrame.Queue queue = new QueuedFrame.Queue();
    private final byte[] id;
    private final String address;

    Accepted(byte[] id, String address) {
      this.id = id;
      this.address = address;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Accepted accepted && Arrays.equals(id, accepted.id);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(id);
    }

    @Override
    public String describe() {
      return address;
    }
  }

  /** A DEALER and the socket that tells what becomes of its connection. */
  private static final class Dialled implements Link {
    private final QueuedFrame.Queue queue = new QueuedFrame.Queue();
    private final ZMQ.Socket socket;
    private final ZMQ.Socket monitor;
    private final String endpoint;
    private boolean heard;
    private long nudgeWaitNanos = FIRST_NUDGE_NANOS;
    private long nextNudgeNanos = System.nanoTime() + FIRST_NUDGE_NANOS;

    Dialled(ZMQ.Socket socket, ZMQ.Socket monitor, String endpoint) {
      this.socket = socket;
      this.monitor = monitor;
      this.endpoint = endpoint;
    }

    /** True when nothing was heard for so long that the connection may have been forgotten. */
    boolean needsNudge() {
      if (heard || System.nanoTime() - nextNudgeNanos < 0) {
        return false;
      }
      nudgeWaitNanos = Math.min(2 * nudgeWaitNanos, LONGEST_NUDGE_NANOS);
      nextNudgeNanos = System.nanoTime() + nudgeWaitNanos;
      return true;
    }

    @Override
    public String describe() {
      return endpoint;
    }
  }

  /**
   * @param longestFrameBytes a peer that sends a longer frame is cut off
   */
  public ZmqWire(long longestFrameBytes) {
    this.longestFrameBytes = longestFrameBytes;
    this.queuedBytes = QUEUED_LONG_FRAMES * longestFrameBytes;
    context.setThreadFactor((work, name) -> new IoThread(work, name, calls));
    try {
      wakeUps = Pipe.open();
      wakeUps.source().configureBlocking(false);
      wakeUps.sink().configureBlocking(false);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a pipe (too many open files?)", e);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String bind(String host) {
    doorkeeper.open();
    ZMQ.Socket socket = configured(context.createSocket(SocketType.ROUTER));
    socket.setPlainServer(true);
    socket.setRouterMandatory(true);
    // ROUTER hands it over in the name of each connection that broke, after its last frame.
    socket.base().setSocketOpt(zmq.ZMQ.ZMQ_DISCONNECT_MSG, BROKEN);
    try {
      int port = socket.bindToRandomPort("tcp://" + host);
      router = socket;
      return "tcp://" + host + ":" + port;
    } catch (ZMQException e) {
      throw new ChannelException(
          "cannot listen on "
              + host
              + " ("
              + e.getMessage()
              + "); it must be an address of this machine, see host in members.json",
          e);
    }
  }

  private ZMQ.Socket configured(ZMQ.Socket socket) {
    socket.setLinger(0);
    socket.setSndHWM(QUEUED_FRAMES);
    socket.setRcvHWM(QUEUED_FRAMES);
    socket.setMaxMsgSize(longestFrameBytes);
    socket.setHeartbeatIvl(HEARTBEAT_MILLIS);
    socket.setHeartbeatTimeout(HEARTBEAT_TIMEOUT_MILLIS);
    socket.setHeartbeatTtl(HEARTBEAT_TIMEOUT_MILLIS);
    socket.setHandshakeIvl(HANDSHAKE_MILLIS);
    socket.setReconnectIVL(50);
    socket.setReconnectIVLMax(500);
    return socket;
  }

  @Override
  public void guard(Gate by) {
    doorkeeper.guard(by);
  }

  @Override
  public Link dial(String endpoint) {
    return dial(endpoint, new byte[0]);
  }

  @Override
  public Link dial(String endpoint, byte[] ticket) {
    ZMQ.Socket socket = configured(context.createSocket(SocketType.DEALER));
    Doorkeeper.show(socket, ticket);
    String name = "inproc://monitor-" + monitors++;
    socket.monitor(name, ZMQ.EVENT_DISCONNECTED);
    ZMQ.Socket monitor = context.createSocket(SocketType.PAIR);
    monitor.setLinger(0);
    monitor.connect(name);
    socket.connect(endpoint);
    Dialled link = new Dialled(socket, monitor, endpoint);
    dialled.add(link);
    closePoller();
    return link;
  }

  @Override
  public Sent send(Link link, byte[] frame) {
    return send(link, ByteBuffer.wrap(frame));
  }

  @Override
  public Sent hand(Link link, byte[] frame, int lengthBytes) {
    // A slice, for JeroMQ sends to the end of what it is given.
    return send(link, ByteBuffer.wrap(frame, 0, lengthBytes).slice());
  }

  private Sent send(Link link, ByteBuffer frame) {
    calls.begin();
    try {
      if (link instanceof Dialled peer) {
        return send(peer, frame);
      }
      ZMQ.Socket socket = router;
      return socket != null && link instanceof Accepted peer
          ? send(socket.base(), peer, frame)
          : Sent.UNREACHABLE;
    } finally {
      calls.end();
    }
  }

  private Sent send(Dialled peer, ByteBuffer bytes) {
    if (!peer.queue.hasRoom(queuedBytes)) {
      return Sent.BACK_PRESSURE;
    }
    SocketBase base = peer.socket.base();
    QueuedFrame frame = new QueuedFrame(bytes, peer.queue).enter();
    if (base.send(frame, DONT_WAIT)) {
      return Sent.ACCEPTED;
    }
    frame.leave();
    return refusal(base);
  }

  private Sent send(SocketBase base, Accepted peer, ByteBuffer bytes) {
    if (!peer.queue.hasRoom(queuedBytes)) {
      return Sent.BACK_PRESSURE;
    }
    if (!base.send(new Msg(peer.id), DONT_WAIT | ZMQ.SNDMORE)) {
      return refusal(base);
    }
    QueuedFrame frame = new QueuedFrame(bytes, peer.queue).enter();
    if (base.send(frame, DONT_WAIT)) {
      return Sent.ACCEPTED;
    }
    frame.leave();
    return Sent.UNREACHABLE;
  }

  private static Sent refusal(SocketBase base) {
    return base.errno() == ZError.EAGAIN ? Sent.BACK_PRESSURE : Sent.UNREACHABLE;
  }

  @Override
  public void drop(Link link) {
    if (link instanceof Dialled peer && dialled.remove(peer)) {
      closePoller();
      peer.socket.monitor(null, 0);
      peer.socket.close();
      peer.monitor.close();
    }
  }

  @Override
  public int poll(Receiver receiver, int limit) {
    int received = 0;
    for (int i = dialled.size() - 1; i >= 0; i--) {
      received += pollDialled(dialled.get(i), receiver, limit);
      i = Math.min(i, dialled.size());
    }
    received += doorkeeper.poll();
    ZMQ.Socket socket = router;
    if (socket != null) {
      received += pollRouter(socket.base(), receiver, limit);
    }
    return received;
  }

  private int pollDialled(Dialled peer, Receiver receiver, int limit) {
    int received = 0;
    while (received < limit && dialled.contains(peer)) {
      Msg frame = receive(peer.socket.base());
      if (frame == null) {
        break;
      }
      received++;
      peer.heard = true;
      receiver.onFrame(peer, frame.data());
    }
    if (peer.needsNudge()) {
      nudge(peer.endpoint);
    }
    if (dialled.contains(peer) && peer.monitor.recv(DONT_WAIT) != null) {
      while (peer.monitor.hasReceiveMore()) {
        peer.monitor.recv(DONT_WAIT);
      }
      receiver.onLinkDown(peer);
    }
    return received;
  }

  private @Nullable Msg receive(SocketBase socket) {
    calls.begin();
    try {
      return socket.recv(DONT_WAIT);
    } finally {
      calls.end();
    }
  }

  /**
   * JeroMQ 0.6's poller registers a connection that was just made under the key of the attempt to
   * make it, and cancels that key in the same turn when both fall together: the connection then
   * stands and nobody reads it (3 to 25 % of connections on a busy machine). It looks at all of its
   * connections again whenever any is added, so we add one and take it away.
   */
  private void nudge(String endpoint) {
    ZMQ.Socket passerBy = configured(context.createSocket(SocketType.DEALER));
    passerBy.connect(endpoint);
    passerBy.close();
  }

  private int pollRouter(SocketBase socket, Receiver receiver, int limit) {
    int received = 0;
    while (received < limit) {
      Msg id = receive(socket);
      if (id == null) {
        return received;
      }
      received++;
      Msg frame = id.hasMore() ? socket.recv(DONT_WAIT) : null;
      boolean single = frame != null && !frame.hasMore();
      for (Msg part = frame; part != null && part.hasMore(); ) {
        part = socket.recv(DONT_WAIT);
      }
      Accepted link = sender(id, frame);
      if (single && frame != null && Arrays.equals(frame.data(), BROKEN)) {
        accepted.remove(ByteBuffer.wrap(link.id));
        lastSender = NOBODY;
        receiver.onLinkDown(link); // Who sends these bytes himself hangs up on himself.
      } else {
        // A frame is one part; anything else is passed on as what it is, no frame.
        receiver.onFrame(link, single && frame != null ? frame.data() : new byte[0]);
      }
    }
    return received;
  }

  private Accepted sender(Msg id, @Nullable Msg frame) {
    byte[] name = id.data();
    if (!Arrays.equals(name, lastSender.id)) {
      lastSender =
          accepted.computeIfAbsent(
              ByteBuffer.wrap(name), unknown -> new Accepted(name, address(frame, id)));
    }
    return lastSender;
  }

  private static String address(@Nullable Msg frame, Msg id) {
    String text = null;
    if (frame != null && frame.getMetadata() != null) {
      text = frame.getMetadata().get("Peer-Address");
    }
    if (text != null) {
      return text;
    }
    byte[] start = Arrays.copyOf(id.data(), Math.min(8, id.size()));
    return "connection " + HexFormat.of().formatHex(start);
  }

  @Override
  public void park(long nanos) {
    ZMQ.Poller sockets = poller();
    parked = true;
    // Whoever calls from here on sees that and writes; whoever called before is seen here.
    if (!called) {
      sockets.poll(Math.max(1, nanos / 1_000_000));
    }
    parked = false;
    try {
      drained.clear();
      while (wakeUps.source().read(drained) > 0) {
        drained.clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the wake-up pipe", e);
    }
    // After the drain, so that who called is not forgotten; the turn that follows sees his work.
    called = false;
  }

  private ZMQ.Poller poller() {
    ZMQ.Poller known = poller;
    if (known == null) {
      known = context.createPoller(3 + 2 * dialled.size());
      doorkeeper.register(known);
      ZMQ.Socket socket = router;
      if (socket != null) {
        known.register(socket, ZMQ.Poller.POLLIN);
      }
      for (Dialled peer : dialled) {
        known.register(peer.socket, ZMQ.Poller.POLLIN);
        known.register(peer.monitor, ZMQ.Poller.POLLIN);
      }
      known.register(wakeUps.source(), ZMQ.Poller.POLLIN);
      poller = known;
    }
    return known;
  }

  private void closePoller() {
    ZMQ.Poller known = poller;
    if (known != null) {
      known.close();
      poller = null;
    }
  }

  @Override
  public void wakeUp() {
    if (called) {
      return;
    }
    called = true;
    if (parked) {
      try {
        wakeUps.sink().write(ByteBuffer.allocate(1));
      } catch (IOException e) {
        // Closed while somebody still called: there is nobody left to wake.
        called = false;
      }
    }
  }

  @Override
  public void close(int lingerMillis) {
    closePoller();
    for (ZMQ.Socket socket : context.getSockets()) {
      socket.setLinger(lingerMillis);
    }
    if (router != null) {
      // Before the doorkeeper: where nobody answers for it, ROUTER would let everybody in.
      router.close();
    }
    context.setLinger(lingerMillis);
    context.close();
    try {
      wakeUps.sink().close();
      wakeUps.source().close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the wake-up pipe", e);
    }
  }
}
