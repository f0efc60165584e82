package io.nfspawn.transport.zmq;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * ZMTP 3.1 over TCP: a ROUTER that listens, a DEALER for each peer dialled. The mechanism PLAIN
 * carries a ticket, so that a stranger's connection ends before anything of his is kept; the frames
 * prove themselves. There is no thread but the one that polls: it writes what was sent at its next
 * {@link #poll} or {@link #park}, or when 64 KiB have gathered. What the kernel does not take waits
 * in 256 KiB a link (or room for one frame, if that is longer); more is back pressure.
 */
public final class ZmqWire implements Wire {
  /** Its name in {@code members.json}. */
  public static final String NAME = "zmq";

  private static final int READ_BYTES = 256 << 10;
  private static final int DISCARD_FRAMES = 256;
  private static final long NANOS_A_MILLI = 1_000_000;
  static final Receiver NOBODY = new Discarding();

  private final LongSupplier clock;
  private final Links links;

  /** What {@link #reading} sent and nobody has got yet. */
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(READ_BYTES).limit(0);

  private @Nullable ZmqLink reading;
  private @Nullable Listener listener;
  private @Nullable Gate gate;
  private volatile boolean called;
  private volatile boolean parked;
  private boolean closed;

  /**
   * @param longestFrameBytes a peer that sends a longer frame is cut off
   */
  public ZmqWire(long longestFrameBytes) {
    this(longestFrameBytes, System::nanoTime);
  }

  ZmqWire(long longestFrameBytes, LongSupplier clock) {
    this.clock = clock;
    this.links = new Links(Math.toIntExact(longestFrameBytes), clock, this::accept);
  }

  private static final class Discarding implements Receiver {
    @Override
    public void onFrame(Link from, Frame frame) {}

    @Override
    public void onLinkDown(Link link) {}
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String bind(String host) {
    Listener opened = Listener.open(host, links.selector());
    listener = opened;
    return opened.endpoint();
  }

  @Override
  public void guard(Gate by) {
    gate = by;
  }

  @Override
  public Link dial(String endpoint) {
    return dial(endpoint, new byte[0]);
  }

  @Override
  public Link dial(String endpoint, byte[] ticket) {
    return links.dial(new Dial(endpoint, ticket), clock.getAsLong());
  }

  @Override
  public Sent send(Link link, byte[] frame) {
    return send(link, frame, frame.length);
  }

  @Override
  public Sent send(Link link, byte[] frame, int lengthBytes) {
    return link instanceof ZmqLink peer ? peer.send(frame, lengthBytes) : Sent.UNREACHABLE;
  }

  @Override
  public Sent hand(Link link, byte[] frame, int lengthBytes) {
    return send(link, frame, lengthBytes);
  }

  @Override
  public boolean copiesFrames() {
    return true;
  }

  @Override
  public void flush() {
    links.flush();
  }

  @Override
  public boolean isPolled() {
    return true;
  }

  @Override
  public boolean parksInTurn() {
    return true;
  }

  @Override
  public void drop(Link link) {
    if (link instanceof ZmqLink peer) {
      links.drop(peer);
    }
  }

  @Override
  public int poll(Receiver receiver, int limit) {
    links.flush();
    long now = clock.getAsLong();
    if (reading == null) {
      links.select(0);
    }
    int received = 0;
    while (received < limit && hasInput(now)) {
      received += deliver(receiver, limit - received, now);
    }
    for (ZmqLink link = links.nextBroken(); link != null; link = links.nextBroken()) {
      receiver.onLinkDown(link);
      received++;
    }
    watchTime(now);
    return received;
  }

  private void accept() {
    if (listener != null) {
      listener.accept(links, gate, clock.getAsLong());
    }
  }

  /** True when some link's bytes are here now. */
  private boolean hasInput(long now) {
    while (reading == null) {
      ZmqLink next = links.nextReadable();
      if (next == null) {
        return false;
      }
      incoming.clear();
      boolean goesOn = next.receive(incoming, now);
      incoming.flip();
      reading = goesOn ? next : null;
    }
    return true;
  }

  private int deliver(Receiver receiver, int limit, long now) {
    ZmqLink from = reading;
    int received = 0;
    while (from != null && received < limit) {
      Frame frame = from.next(incoming, receiver, now);
      if (frame == null) {
        reading = null;
        return received;
      }
      received++;
      receiver.onFrame(from, frame);
    }
    return received;
  }

  private void watchTime(long now) {
    links.watch(now);
    if (listener != null) {
      listener.watch(now);
    }
  }

  @Override
  public void park(long nanos) {
    links.flush();
    boolean busy = reading != null || links.hasWork();
    long most = Math.min(nanos, links.idleNanos(clock.getAsLong()));
    parked = true;
    // Whoever calls from here on sees that and wakes; whoever called before is seen here.
    links.select(busy || called ? 0 : Math.max(1, most / NANOS_A_MILLI));
    parked = false;
    // The turn that follows sees the work of who has called.
    called = false;
  }

  @Override
  public void wakeUp() {
    if (!called) {
      called = true;
      if (parked) {
        links.selector().wakeup();
      }
    }
  }

  @Override
  public void close(int lingerMillis) {
    if (closed) {
      return;
    }
    closed = true;
    if (listener != null) {
      listener.close();
      listener = null;
    }
    long end = clock.getAsLong() + lingerMillis * NANOS_A_MILLI;
    links.flush();
    while (links.hasUnsent() && clock.getAsLong() - end < 0) {
      if (poll(NOBODY, DISCARD_FRAMES) == 0) {
        park(NANOS_A_MILLI);
      }
    }
    // The kernel forgets what it has not sent of a connection with unread bytes.
    while (lingerMillis > 0 && poll(NOBODY, DISCARD_FRAMES) > 0 && clock.getAsLong() - end < 0) {
      links.flush();
    }
    links.close();
  }
}
