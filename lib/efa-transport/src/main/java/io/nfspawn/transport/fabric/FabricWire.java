package io.nfspawn.transport.fabric;

import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.fabric.WireHeader.Kind;
import io.nfspawn.transport.wire.Copies;
import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.PooledBuffer;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames over reliable-datagram endpoints. Short ones are sent; longer ones, and every attachment,
 * are read by the receiver out of registered memory of the sender. Whoever dials sends his address
 * along until he is answered; a stranger costs nothing before the channel has answered him.
 *
 * <p>Nothing is assumed of the provider but that a message arrives whole, once, or not at all:
 * frames are put back in order, their number under way is bounded, and a peer's death is noticed by
 * its {@linkplain Tethers tether}.
 */
public final class FabricWire implements Wire, Reads.Listener, RdmEndpoint.Completions {
  /** Its name in {@code members.json}. */
  public static final String NAME = "fabric";

  private static final Logger log = LoggerFactory.getLogger(FabricWire.class);
  private static final int ATTACH_FROM_BYTES = 8 << 10;
  private static final int REPORT_AFTER = FabricLink.WINDOW / 4;
  private static final int REPORT_AFTER_POLLS = 32;
  private static final long TETHERS_NANOS = 2_000_000;

  private final FabricLibrary library;
  private final String provider;
  private final int railCount;
  private final long longestBytes;
  private final SlabPool slabs;
  private final Neighbours neighbours;
  private final Links links;
  private final List<RdmEndpoint> rails = new ArrayList<>();
  private final Reads reads = new Reads(rails, this);
  private final Idling idling = new Idling();
  private @Nullable Postbox postbox;
  private @Nullable Tethers tethers;
  private @Nullable Outgoing outgoing;
  private @Nullable Receiver receiver;
  private int received;
  private int idlePolls;
  private long nextTethersNanos;
  private long watchedNanos = System.nanoTime();
  private boolean closed;

  /**
   * @param provider libfabric's name, e.g. {@code shm}
   * @param rails endpoints that share the long-reads
   * @param longestBytes longest frame or attachment that is accepted
   */
  public FabricWire(FabricLibrary library, String provider, int rails, long longestBytes) {
    this.library = library;
    this.provider = provider;
    this.railCount = rails;
    this.longestBytes = longestBytes;
    this.slabs = new SlabPool(library);
    this.neighbours = Neighbours.of(library, provider);
    this.links = new Links(this.rails, neighbours);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return NAME + ":" + provider;
  }

  @Override
  public String bind(String host) {
    try {
      Tethers tied = new Tethers(host);
      tethers = tied;
      for (int i = 0; i < railCount; i++) {
        rails.add(neighbours.open(host, i));
      }
      Postbox box = new Postbox(library, rails.get(0));
      box.post();
      postbox = box;
      List<byte[]> addresses = rails.stream().map(RdmEndpoint::address).toList();
      String address = new FabricAddress(addresses, host, tied.port(), provider).toString();
      byte[] ownAddress = address.getBytes(StandardCharsets.UTF_8);
      outgoing = new Outgoing(library, slabs, links, rails, idling, box, ownAddress);
      return address;
    } catch (RuntimeException e) {
      close(0);
      throw e;
    }
  }

  private Postbox postbox() {
    Postbox box = postbox;
    if (box == null || closed) {
      throw new IllegalStateException("the wire is not open");
    }
    return box;
  }

  private Outgoing outgoing() {
    Outgoing out = outgoing;
    if (out == null) {
      throw new IllegalStateException("the wire is not open");
    }
    return out;
  }

  private Tethers tethers() {
    Tethers tied = tethers;
    if (tied == null) {
      throw new IllegalStateException("the wire is not open");
    }
    return tied;
  }

  // ---- links --------------------------------------------------------------------------------

  @Override
  public Link dial(String endpoint) {
    FabricLink link = links.dial(FabricAddress.parse(endpoint), provider);
    if (!link.down) {
      postbox().expect(links.size());
      tethers().dial(link.id, link.peer.host(), link.peer.port());
    }
    return link;
  }

  @Override
  public void drop(Link link) {
    end((FabricLink) link);
  }

  private void end(FabricLink link) {
    if (link.dialled) {
      tethers().cut(link.id);
    } else {
      tethers().cutAccepted(link.peerId);
    }
    links.end(link);
  }

  private void broke(FabricLink link, String reason) {
    if (!link.down) {
      log.debug("event=link_down peer=\"{}\" reason=\"{}\"", link.describe(), reason);
      end(link);
      Receiver now = receiver;
      if (now != null && link.dialled) {
        now.onLinkDown(link);
      }
    }
  }

  // ---- sending ------------------------------------------------------------------------------

  @Override
  public Sent send(Link to, byte[] frame) {
    return outgoing().send((FabricLink) to, frame, frame.length);
  }

  @Override
  public boolean copiesFrames() {
    return true;
  }

  @Override
  public Sent send(Link to, byte[] frame, int lengthBytes) {
    return outgoing().send((FabricLink) to, frame, lengthBytes);
  }

  @Override
  public int attachFromBytes() {
    return ATTACH_FROM_BYTES;
  }

  @Override
  public Sent send(Link to, byte[] frame, ByteBuffer payload, Runnable released) {
    return outgoing().send((FabricLink) to, frame, frame.length, payload, released);
  }

  @Override
  public Sent send(Link to, byte[] frame, int lengthBytes, ByteBuffer payload, Runnable released) {
    return outgoing().send((FabricLink) to, frame, lengthBytes, payload, released);
  }

  @Override
  public @Nullable RegisteredBuffer scratch(int lengthBytes) {
    Slab slab = slabs.acquire(lengthBytes);
    return new PooledBuffer(slab.buffer().limit(lengthBytes), () -> slabs.release(slab));
  }

  @Override
  public BufferPool pool(long capacityBytes) {
    return slabs.bounded(capacityBytes);
  }

  // ---- receiving ----------------------------------------------------------------------------

  @Override
  public int poll(Receiver to, int limit) {
    receiver = to;
    received = 0;
    int done = progress();
    if (done > 0) {
      idling.active();
      idlePolls = 0;
    } else if (++idlePolls == REPORT_AFTER_POLLS) {
      // Nothing goes back that would tell the peer by the way.
      reportAll();
    }
    return received;
  }

  @Override
  public boolean isPolled() {
    return true;
  }

  @Override
  public void watch(long nowNanos) {
    // Before completions: who ended a link holds the memory for a while, so that no read of it is
    // believed that ended later. True after this process stood still, too.
    if (nowNanos - nextTethersNanos >= 0) {
      nextTethersNanos = nowNanos + TETHERS_NANOS;
      tethers().poll(this::dialledTetherBroke, this::acceptedTetherBroke);
      watchedNanos = nowNanos;
      links.endQuarantine(nowNanos);
      reads.endOverdue(nowNanos);
      links.faulty().forEach(link -> broke(link, link.fault));
    }
  }

  private void reportAll() {
    List<FabricLink> all = links.all();
    for (int i = 0; i < all.size(); i++) {
      outgoing().report(all.get(i));
    }
  }

  private int progress() {
    int done = 0;
    if (neighbours.isStuck()) {
      return done;
    }
    // By number: an iterator for each of a million polls a second is garbage.
    for (int i = 0; i < rails.size(); i++) {
      done += rails.get(i).poll(this);
    }
    postbox().post();
    return done + reads.post(watchedNanos);
  }

  private void dialledTetherBroke(long id) {
    FabricLink link = links.get(id);
    neighbours.died();
    if (link != null) {
      broke(link, "its process is gone");
    }
  }

  private void acceptedTetherBroke(long peerId) {
    neighbours.died();
    for (FabricLink link : links.acceptedAs(peerId)) {
      broke(link, "its process is gone, or it hung up");
    }
  }

  @Override
  public void onDone(int operation, int lengthBytes) {
    Postbox box = postbox();
    if (box.isReceive(operation)) {
      try {
        onMessage(box.received(operation, lengthBytes));
      } finally {
        box.done(operation);
      }
    } else if (box.isSend(operation)) {
      box.done(operation);
    } else {
      reads.onDone(operation, "");
    }
  }

  @Override
  public void onFailed(int operation, int error, String reason) {
    Postbox box = postbox();
    if (box.isReceive(operation) || box.isSend(operation)) {
      // A frame is lost: its link waits for it until it is given up.
      log.debug("event=message_failed provider={} reason=\"{}\"", provider, reason);
      box.done(operation);
    } else {
      reads.onDone(operation, reason);
    }
  }

  private void onMessage(ByteBuffer in) {
    WireHeader header = WireHeader.read(in);
    if (header == null) {
      log.debug("event=message_unknown provider={} bytes={}", provider, in.capacity());
    } else if (header.kind() == Kind.DIAL) {
      onDial(header, in);
    } else {
      FabricLink link = links.get(header.to());
      if (link != null && (link.peerId == header.from() || (link.dialled && link.peerId == 0))) {
        link.peerId = header.from();
        onLinkMessage(link, header, in);
      }
    }
  }

  private void onDial(WireHeader header, ByteBuffer in) {
    int addressBytes = in.remaining() < 2 ? -1 : in.getShort();
    if (addressBytes < 0 || in.remaining() < addressBytes || header.from() == 0) {
      return;
    }
    byte[] text = new byte[addressBytes];
    in.get(text);
    String address = new String(text, StandardCharsets.UTF_8);
    if (in.remaining() != header.frameBytes()) {
      return;
    }
    try {
      deliver(links.accepted(header.from(), address), rest(in), null);
    } catch (IllegalArgumentException e) {
      log.debug("event=dial_refused reason=\"{}\"", e.getMessage());
    }
  }

  private Frame rest(ByteBuffer in) {
    int lengthBytes = in.remaining();
    Receiver to = receiver;
    Frame frame = to == null ? Frame.of(new byte[lengthBytes]) : to.room(lengthBytes);
    in.get(frame.bytes(), 0, lengthBytes);
    return frame;
  }

  private void onLinkMessage(FabricLink link, WireHeader header, ByteBuffer in) {
    if (!link.acknowledge(header.received())) {
      broke(link, "it acknowledged what was not sent");
    } else if (header.kind() != Kind.RECEIVED && link.expects(header.sequence())) {
      FarNote note = header.kind() == Kind.FAR ? FarNote.read(in, longestBytes) : null;
      if ((header.kind() == Kind.FAR && note == null) || in.remaining() != header.frameBytes()) {
        broke(link, "it announced what cannot be read");
        return;
      }
      accept(link, header.sequence(), rest(in), note);
    }
  }

  private void accept(FabricLink link, int sequence, Frame frame, @Nullable FarNote note) {
    if (note == null) {
      link.arrived(sequence, new FabricLink.Arrival(frame, null, true));
      deliver(link);
      return;
    }
    Landing landing = new Landing(slabs, note.lengthBytes());
    FabricLink.Arrival arrival = new FabricLink.Arrival(frame, landing, false);
    link.arrived(sequence, arrival);
    reads.start(link, arrival, landing, note.places(), note.lengthBytes());
  }

  @Override
  public void onRead(FabricLink link) {
    deliver(link);
  }

  @Override
  public void onReadFailed(FabricLink link, String reason) {
    log.warn("event=read_failed peer=\"{}\" reason=\"{}\"", link.describe(), reason);
    broke(link, reason);
  }

  private void deliver(FabricLink link) {
    boolean far = false;
    for (FabricLink.Arrival next = link.takeNext(); next != null; next = link.takeNext()) {
      Landing landing = next.landing;
      if (landing != null && next.isFrameAway()) {
        Frame frame = rest(landing.bytes());
        Copies.count(frame.lengthBytes());
        landing.release();
        deliver(link, frame, null);
      } else {
        deliver(link, next.frame, landing);
      }
      far |= landing != null;
      if (link.down) {
        return;
      }
    }
    if (far || link.unreported() >= REPORT_AFTER) {
      outgoing().report(link);
    }
  }

  private void deliver(FabricLink from, Frame frame, @Nullable Landing landing) {
    received++;
    Receiver to = receiver;
    if (to == null) {
      if (landing != null) {
        landing.release();
      }
    } else if (landing == null) {
      to.onFrame(from, frame);
    } else {
      to.onFrame(from, frame, landing);
    }
  }

  // ---- waiting ------------------------------------------------------------------------------

  @Override
  public void park(long nanos) {
    idling.park(nanos);
  }

  @Override
  public void wakeUp() {
    idling.wakeUp();
  }

  // ---- the end ------------------------------------------------------------------------------

  @Override
  public void close(int lingerMillis) {
    if (closed) {
      return;
    }
    receiver = null;
    if (postbox != null) {
      linger(lingerMillis * 1_000_000L);
    }
    closed = true;
    links.close();
    if (tethers != null) {
      tethers.close();
    }
    Postbox box = postbox;
    neighbours.close(
        List.copyOf(rails),
        () -> {
          slabs.all().forEach(Slab::unregister);
          if (box != null) {
            box.unregister();
          }
        },
        () -> {
          slabs.close();
          if (box != null) {
            box.free();
          }
        });
  }

  /** Keeps going until every peer has what was sent to it, or is gone. */
  private void linger(long nanos) {
    long end = System.nanoTime() + nanos;
    idling.active();
    while (System.nanoTime() - end < 0 && hasUnacknowledged()) {
      progress();
      tethers().poll(this::dialledTetherBroke, this::acceptedTetherBroke);
      reportAll();
      park(1_000_000);
    }
  }

  private boolean hasUnacknowledged() {
    for (FabricLink link : links.all()) {
      if (link.isUnacknowledged() || link.unreported() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Registered bytes that somebody holds, for tests of leaks. */
  public long heldBytes() {
    return slabs.heldBytes();
  }
}
