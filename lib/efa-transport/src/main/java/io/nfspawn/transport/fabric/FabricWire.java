package io.nfspawn.transport.fabric;

import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.Idle;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.fabric.Neighbours.Outlook;
import io.nfspawn.transport.wire.PooledBuffer;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
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
public final class FabricWire implements Wire, RdmEndpoint.Completions, Incoming.Events {
  /** Its name in {@code members.json}. */
  public static final String NAME = "fabric";

  private static final Logger log = LoggerFactory.getLogger(FabricWire.class);
  private static final int ATTACH_FROM_BYTES = 8 << 10;
  private static final int REPORT_AFTER_POLLS = 32;
  private static final long TETHERS_NANOS = 2_000_000;

  private final FabricLibrary library;
  private final String provider;
  private final int railCount;
  private final SlabPool slabs;
  private final Neighbours neighbours;
  private final Links links;
  private final List<RdmEndpoint> rails = new ArrayList<>();
  private final Incoming incoming;
  private final Idling idling;
  private final LongConsumer dialledTetherBroke = this::dialledTetherBroke;
  private final LongConsumer acceptedTetherBroke = this::acceptedTetherBroke;
  private @Nullable Postbox postbox;
  private @Nullable Tethers tethers;
  private @Nullable Outgoing outgoing;
  private int idlePolls;

  /** It has slept since it last polled. */
  private boolean parked;

  private long nextTethersNanos;
  private long watchedNanos = System.nanoTime();
  private boolean closed;

  /**
   * @param provider libfabric's name, e.g. {@code shm}
   * @param rails endpoints that share the long-reads
   * @param longestBytes longest frame or attachment that is accepted
   */
  public FabricWire(FabricLibrary library, String provider, int rails, long longestBytes) {
    this(library, provider, rails, longestBytes, Idle.SPINNING);
  }

  /** As the other, with a choice of how its thread waits. */
  public FabricWire(
      FabricLibrary library, String provider, int rails, long longestBytes, Idle idle) {
    this.idling = new Idling(idle);
    this.library = library;
    this.provider = provider;
    this.railCount = rails;
    this.slabs = new SlabPool(library);
    this.neighbours = Neighbours.of(library, provider);
    this.links = new Links(this.rails, neighbours);
    this.incoming = new Incoming(slabs, links, this.rails, longestBytes, this);
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
      Tethers tied = new Tethers(host, links::isAcceptedAs);
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
      postbox().expect(links.proved());
      tethers().dial(link.id, link.peer.host(), link.peer.port());
    }
    return link;
  }

  @Override
  public void trust(Link to) {
    FabricLink link = (FabricLink) to;
    if (!link.down && !link.isTrusted()) {
      links.trust(link);
      postbox().expect(links.proved());
    }
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

  @Override
  public void report(FabricLink link) {
    outgoing().report(link);
  }

  @Override
  public void broke(FabricLink link, String reason) {
    if (!link.down) {
      log.debug("event=link_down peer=\"{}\" reason=\"{}\"", link.describe(), reason);
      end(link);
      Receiver now = incoming.receiver();
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
    return new PooledBuffer(slab.buffer().limit(lengthBytes), slab.release);
  }

  @Override
  public @Nullable RegisteredBuffer lease(ByteBuffer memory) {
    return slabs.lease(memory);
  }

  @Override
  public BufferPool pool(long capacityBytes) {
    return slabs.bounded(capacityBytes);
  }

  // ---- receiving ----------------------------------------------------------------------------

  @Override
  public int poll(Receiver to, int limit) {
    incoming.receiver(to);
    int before = incoming.delivered();
    int done = progress();
    if (done > 0) {
      idling.active();
      idlePolls = 0;
    } else if (++idlePolls == REPORT_AFTER_POLLS) {
      // Nothing goes back that would tell the peer by the way.
      reportAll();
    }
    return incoming.delivered() - before;
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
      tethers().poll(nowNanos, dialledTetherBroke, acceptedTetherBroke);
      watchedNanos = nowNanos;
      links.endQuarantine(nowNanos);
      incoming.reads().endOverdue(nowNanos);
      breakFaulty();
      breakUnproved(nowNanos);
    }
  }

  /** Ends links that a recorded HELLO makes as well, and who recorded it cannot use. */
  private void breakUnproved(long nowNanos) {
    for (FabricLink link = links.overdue(nowNanos); link != null; link = links.overdue(nowNanos)) {
      broke(link, "it did not prove itself");
    }
  }

  /** Ends links whose peers can no longer be sent to. */
  private void breakFaulty() {
    List<FabricLink> all = links.all();
    for (int i = 0; i < all.size(); i++) {
      FabricLink link = all.get(i);
      if (!link.fault.isEmpty()) {
        broke(link, link.fault);
      }
    }
  }

  private void reportAll() {
    List<FabricLink> all = links.all();
    for (int i = 0; i < all.size(); i++) {
      report(all.get(i));
    }
  }

  private int progress() {
    int done = 0;
    // By number: an iterator for each of a million polls a second is garbage.
    for (int i = 0; i < rails.size(); i++) {
      RdmEndpoint rail = rails.get(i);
      boolean posts = i == 0 && postbox().hasUnposted();
      Outlook outlook = neighbours.outlook(i, posts || parked || !rail.isSettled());
      if (outlook == Outlook.STUCK) {
        return done;
      }
      if (posts) {
        // What the last poll received into; not then, when somebody waited for what it found.
        postbox().post();
      }
      if (outlook == Outlook.OPEN || !rail.isSettled()) {
        done += rail.poll(this);
      }
    }
    parked = false;
    return done + incoming.reads().post(watchedNanos);
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
        incoming.onMessage(box.received(operation, lengthBytes));
      } finally {
        box.done(operation);
      }
    } else if (box.isSend(operation)) {
      box.done(operation);
    } else {
      incoming.reads().onDone(operation, "");
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
      incoming.reads().onDone(operation, reason);
    }
  }

  // ---- waiting ------------------------------------------------------------------------------

  @Override
  public void park(long nanos) {
    parked = true;
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
    incoming.receiver(null);
    if (postbox != null) {
      linger(lingerMillis * 1_000_000L);
    }
    closed = true;
    Closing closing = new Closing().then(links::close);
    if (tethers != null) {
      closing.then(tethers::close);
    }
    closing.then(this::closeEndpoints).end();
  }

  private void closeEndpoints() {
    Postbox box = postbox;
    neighbours.close(
        List.copyOf(rails),
        () -> closeBoth(slabs::unregister, box == null ? null : box::unregister),
        () -> closeBoth(slabs::close, box == null ? null : box::free),
        incoming.reads().isAnyPosted());
  }

  private static void closeBoth(Runnable first, @Nullable Runnable second) {
    Closing closing = new Closing().then(first);
    if (second != null) {
      closing.then(second);
    }
    closing.end();
  }

  /** Keeps going until every peer has what was sent to it, or is gone. */
  private void linger(long nanos) {
    long end = System.nanoTime() + nanos;
    idling.active();
    while (System.nanoTime() - end < 0 && hasUnacknowledged()) {
      progress();
      tethers().poll(System.nanoTime(), dialledTetherBroke, acceptedTetherBroke);
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
