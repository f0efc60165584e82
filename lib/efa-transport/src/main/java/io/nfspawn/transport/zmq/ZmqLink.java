package io.nfspawn.transport.zmq;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way to one peer: a connection that somebody made to us, or one of ours, which is made again
 * when it breaks. Owned by the thread that polls.
 */
final class ZmqLink implements Wire.Link {
  private static final Logger log = LoggerFactory.getLogger(ZmqLink.class);

  /** Sessions notice silence themselves; this only removes connections that nobody uses. */
  static final int HEARTBEAT_MILLIS = 5000;

  static final int SILENCE_MILLIS = 60_000;
  static final int HANDSHAKE_MILLIS = 5000;
  private static final long NANOS_A_MILLI = 1_000_000;

  /** So much is written at once, while it is still in the CPU's cache. */
  private static final int WRITE_BYTES = 64 << 10;

  private static final Frame NO_FRAME = Frame.of(new byte[0]);

  private final Links links;
  private final @Nullable Dial dial;
  private final Outgoing out;
  private String address;
  private FrameReader frames;
  private @Nullable SocketChannel socket;
  private @Nullable SelectionKey key;
  private @Nullable ZmtpHandshake handshake;

  /** The handshake is done. */
  private boolean stands;

  /** Parts of one message are coming, which is no frame. */
  private boolean inParts;

  /** The kernel takes no more for now. */
  private boolean blocked;

  /** Nothing can be sent any more; what has come is still to be read. */
  private boolean deaf;

  private boolean dropped;

  /** The other side answers PING, so that its silence says something. */
  private boolean pings;

  private long dueNanos;
  private long heardNanos;
  private long silenceNanos;

  /** Waits in a queue of {@link Links} to be flushed, to be read. */
  boolean dirty;

  boolean hasInput;

  /** Of who dials. */
  ZmqLink(Links links, Dial dial, long now) {
    this.links = links;
    this.dial = dial;
    this.address = dial.endpoint();
    this.out = new Outgoing(links.buffers());
    this.frames = new FrameReader(links.longestFrameBytes());
    this.dueNanos = now;
  }

  /** Of who listens. */
  ZmqLink(Links links, SocketChannel socket, Wire.@Nullable Gate gate, long now)
      throws IOException {
    this.links = links;
    this.dial = null;
    this.address = text(socket.getRemoteAddress());
    this.out = new Outgoing(links.buffers());
    this.frames = new FrameReader(links.longestFrameBytes());
    this.socket = socket;
    begin(socket, ZmtpHandshake.listening(gate, address), now);
  }

  private static String text(java.net.SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
        : String.valueOf(address);
  }

  @Override
  public String describe() {
    return address;
  }

  // ---- where it stands --------------------------------------------------------------------

  /** True when somebody made it who has not shown yet that he may. */
  boolean isHalfOpen() {
    return dial == null && !stands && socket != null;
  }

  boolean isAccepted() {
    return dial == null;
  }

  /** True when something waits that may still reach somebody. */
  boolean hasUnsent() {
    ZmtpHandshake shaking = handshake;
    boolean answers = shaking != null && shaking.out().hasRemaining();
    return socket != null && !deaf && (answers || out.bytes() > 0);
  }

  /** When {@link #onDue} wants to be called. */
  long dueNanos() {
    return dueNanos;
  }

  /** Its time has come; {@code lateNanos}: nobody looked for so long, which excuses others. */
  void onDue(long now, long lateNanos) {
    if (dropped) {
      return;
    }
    if (stands) {
      heardNanos += lateNanos;
      beat(now);
    } else if (handshake != null && lateNanos == 0) {
      fail("did not finish its handshake within " + HANDSHAKE_MILLIS + " ms", now);
    } else if (handshake != null) {
      dueNanos = now + HANDSHAKE_MILLIS * NANOS_A_MILLI;
    } else if (dial != null && socket == null) {
      connect(dial, now);
    } else {
      dueNanos = now + HANDSHAKE_MILLIS * NANOS_A_MILLI; // The kernel is still at it.
    }
  }

  /** RFC 37, "Connection Heartbeating". */
  private void beat(long now) {
    if (pings && now - heardNanos > silenceNanos) {
      fail("was silent for " + silenceNanos / NANOS_A_MILLI + " ms", now);
      return;
    }
    if (pings && out.add(Command.ping(SILENCE_MILLIS))) {
      links.toFlush(this);
    }
    dueNanos = now + Math.min(HEARTBEAT_MILLIS * NANOS_A_MILLI, silenceNanos / 2);
  }

  // ---- connecting -------------------------------------------------------------------------

  private void connect(Dial to, long now) {
    InetSocketAddress at = to.address();
    if (at == null) {
      due(now + to.backOffNanos());
      return;
    }
    dueNanos = now + HANDSHAKE_MILLIS * NANOS_A_MILLI; // The kernel tells before that, mostly.
    SocketChannel opened = null;
    try {
      opened = SocketChannel.open();
      opened.configureBlocking(false);
      socket = opened;
      if (opened.connect(at)) {
        onConnected(now);
      } else {
        key = opened.register(links.selector(), SelectionKey.OP_CONNECT, this);
      }
    } catch (IOException | UnresolvedAddressException e) {
      retry(to, e, now);
    }
  }

  /** The kernel knows whether the connection could be made. */
  void onConnected(long now) {
    SocketChannel connected = socket;
    Dial to = dial;
    if (connected == null || to == null) {
      return;
    }
    try {
      // On one machine a port that nobody listens on may be given to the one who dials it.
      if (!connected.finishConnect()
          || connected.getLocalAddress().equals(connected.getRemoteAddress())) {
        throw new IOException("nobody listens there");
      }
      begin(connected, ZmtpHandshake.dialling(to.ticket()), now);
    } catch (IOException e) {
      retry(to, e, now);
    }
  }

  private void retry(Dial to, Exception why, long now) {
    log.debug("event=connection_retried to={} reason=\"{}\"", address, why.getMessage());
    hangUp();
    due(now + to.backOffNanos());
  }

  private void begin(SocketChannel connected, ZmtpHandshake begun, long now) throws IOException {
    connected.setOption(StandardSocketOptions.TCP_NODELAY, true);
    key = connected.register(links.selector(), SelectionKey.OP_READ, this);
    handshake = begun;
    due(now + HANDSHAKE_MILLIS * NANOS_A_MILLI);
    flush();
  }

  private void due(long nanos) {
    dueNanos = nanos;
    links.onDueChanged(nanos);
  }

  // ---- sending ----------------------------------------------------------------------------

  Wire.Sent send(byte[] frame, int lengthBytes) {
    if (dropped || (socket == null && dial == null)) {
      return Wire.Sent.UNREACHABLE;
    }
    // Nobody is told of a break before he has all that came before it.
    if (deaf || !add(frame, lengthBytes)) {
      return Wire.Sent.BACK_PRESSURE;
    }
    if (!blocked && stands) {
      if (out.bytes() >= WRITE_BYTES) {
        flush();
      } else {
        links.toFlush(this);
      }
    }
    return Wire.Sent.ACCEPTED;
  }

  private boolean add(byte[] frame, int lengthBytes) {
    if (out.add(frame, lengthBytes)) {
      return true;
    }
    if (!stands) {
      return false;
    }
    flush();
    return !deaf && out.add(frame, lengthBytes);
  }

  /** Sends as much as the kernel takes; {@link Links} calls again when it takes more. */
  void flush() {
    SocketChannel to = socket;
    ZmtpHandshake shaking = handshake;
    if (to == null || deaf) {
      return;
    }
    try {
      boolean all = true;
      if (shaking != null) {
        to.write(shaking.out());
        all = !shaking.out().hasRemaining();
        handshake = stands && all ? null : shaking;
      }
      if (all && stands) {
        all = out.writeTo(to);
      }
      await(!all);
    } catch (IOException e) {
      deaf = true;
      out.clear();
      await(false);
    }
  }

  private void await(boolean room) {
    SelectionKey registered = key;
    if (room != blocked && registered != null && registered.isValid()) {
      blocked = room;
      registered.interestOps(SelectionKey.OP_READ | (room ? SelectionKey.OP_WRITE : 0));
    }
  }

  // ---- receiving --------------------------------------------------------------------------

  /** Reads what has come into {@code in}; false when that was the end. */
  boolean receive(ByteBuffer in, long now) {
    SocketChannel from = socket;
    if (from == null) {
      return false;
    }
    try {
      if (from.read(in) >= 0) {
        heardNanos = now;
        return true;
      }
      fail("hung up", now);
    } catch (IOException e) {
      fail(String.valueOf(e.getMessage()), now);
    }
    return false;
  }

  /** The next frame in {@code in}, which this link received; null when there is no whole one. */
  @Nullable Frame next(ByteBuffer in, Wire.Receiver to, long now) {
    try {
      return stands || shakeHands(in, now) ? nextFrame(in, to, now) : null;
    } catch (ZmtpException e) {
      flush();
      fail(String.valueOf(e.getMessage()), now);
      return null;
    }
  }

  private boolean shakeHands(ByteBuffer in, long now) throws ZmtpException {
    ZmtpHandshake shaking = handshake;
    if (shaking == null || !shaking.read(in)) {
      flush();
      return false;
    }
    stands = true;
    pings = shaking.knowsPing();
    silenceNanos = SILENCE_MILLIS * NANOS_A_MILLI;
    if (dial != null) {
      dial.succeeded();
    }
    due(now + HEARTBEAT_MILLIS * NANOS_A_MILLI);
    flush();
    return true;
  }

  private @Nullable Frame nextFrame(ByteBuffer in, Wire.Receiver to, long now)
      throws ZmtpException {
    for (Frame body = frames.read(in, to); body != null; body = frames.read(in, to)) {
      int flags = frames.flags();
      if ((flags & FrameReader.COMMAND) != 0) {
        onCommand(Command.read(body.copy()), now);
      } else if ((flags & FrameReader.MORE) != 0) {
        inParts = true;
        body.release(1);
      } else {
        // A frame is one part; anything else is passed on as what it is, no frame.
        Frame frame = inParts ? NO_FRAME : body;
        inParts = false;
        return frame;
      }
    }
    return null;
  }

  /** Who sends commands that are not known says nothing to us (RFC 37). */
  private void onCommand(Command command, long now) throws ZmtpException {
    if (command.name().equals(Command.PING)) {
      int liveMillis = command.timeToLiveMillis();
      if (liveMillis > 0) {
        silenceNanos = Math.min(SILENCE_MILLIS, liveMillis) * NANOS_A_MILLI;
        due(Math.min(dueNanos, now + silenceNanos / 2));
      }
      if (out.add(command.pong())) {
        links.toFlush(this);
      }
    }
  }

  // ---- the end ----------------------------------------------------------------------------

  /** Ends the connection; one of ours is made again after a while. */
  void fail(String why, long now) {
    if (socket == null) {
      return;
    }
    log.debug("event=connection_ended peer={} reason=\"{}\"", address, why);
    boolean known = stands || dial != null;
    hangUp();
    out.clear();
    links.onBroken(this, known);
    if (dial != null) {
      due(now + dial.backOffNanos());
    }
  }

  /** Forgets it for good. */
  void drop() {
    dropped = true;
    flush();
    hangUp();
    out.clear();
  }

  boolean isDropped() {
    return dropped;
  }

  private void hangUp() {
    SocketChannel open = socket;
    socket = null;
    key = null;
    handshake = null;
    frames = new FrameReader(links.longestFrameBytes());
    stands = false;
    inParts = false;
    blocked = false;
    deaf = false;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      log.debug("event=socket_not_closed peer={} reason=\"{}\"", address, e.getMessage());
    }
  }
}
