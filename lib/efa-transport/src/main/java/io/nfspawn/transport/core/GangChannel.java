package io.nfspawn.transport.core;

import io.nfspawn.transport.BroadcastOptions;
import io.nfspawn.transport.Broadcaster;
import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelClosedException;
import io.nfspawn.transport.ChannelEvent;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Encryption;
import io.nfspawn.transport.Inbox;
import io.nfspawn.transport.Member;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.PullOptions.OnLoss;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.SourceOptions;
import io.nfspawn.transport.WorkConsumer;
import io.nfspawn.transport.WorkSource;
import io.nfspawn.transport.frame.Handshake;
import io.nfspawn.transport.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel over any wire. Thread-safe; one thread of its own. */
public final class GangChannel implements Channel {
  private static final Logger log = LoggerFactory.getLogger(GangChannel.class);
  private static final int NO_DIAL = -1;
  private static final long NEVER_NANOS = Long.MAX_VALUE / 4;
  private static final int SEALED_CHECK_BELOW_BYTES = 8 << 10;
  private static final Credit PUSH_QUEUE = new Credit(64, 64L << 20);

  private final Membership membership;
  private final ChannelOptions options;
  private final Wire wire;
  private final ChannelLoop loop;
  private final Thread thread;
  private final BufferPool buffers;
  private final Map<String, BarrierStream> barriers = new HashMap<>();

  /** What a wire carries as an attachment it carries whole; what is sealed proves itself. */
  private final int checkBelowBytes;

  private volatile boolean closed;

  private GangChannel(Membership membership, ChannelOptions options, Wire wire, ChannelLoop loop) {
    this.membership = membership;
    this.options = options;
    this.wire = wire;
    this.loop = loop;
    BufferPool registered = wire.pool(options.poolBytes());
    this.buffers = registered == null ? new DirectBufferPool(options.poolBytes()) : registered;
    this.checkBelowBytes =
        options.encryption() == Encryption.OFF ? wire.attachFromBytes() : SEALED_CHECK_BELOW_BYTES;
    this.thread = new Thread(loop, "spawn-channel-" + wire.name() + "-rank-" + membership.rank());
    this.thread.setDaemon(true);
  }

  /**
   * The members as announced now.
   *
   * @throws io.nfspawn.transport.MembershipException when the file is broken
   */
  public static List<Member> members(Membership membership) {
    return new MembersFile(membership).read();
  }

  /** Binds the wire, publishes the address and starts the thread. Owns {@code wire}. */
  public static GangChannel open(
      Membership membership, ChannelOptions options, Wire wire, LongSupplier clock) {
    try {
      MembersFile file = new MembersFile(membership);
      List<Member> members = file.read();
      String endpoint = wire.bind(members.get(membership.rank()).host());
      Handshake handshake =
          new Handshake(
              membership.key(),
              membership.gang(),
              membership.epoch(),
              membership.rank(),
              options.encryption() != Encryption.OFF);
      ChannelLoop loop = new ChannelLoop(membership, options, wire, handshake, clock, members);
      GangChannel channel = new GangChannel(membership, options, wire, loop);
      file.publish(wire.name(), endpoint);
      channel.thread.start();
      log.info(
          "event=channel_open gang={} rank={} epoch={} wire={} endpoint={} encryption={}",
          membership.gang(),
          membership.rank(),
          membership.epoch(),
          wire.description(),
          endpoint,
          options.encryption());
      return channel;
    } catch (RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  @Override
  public Membership membership() {
    return membership;
  }

  @Override
  public String wire() {
    return wire.description();
  }

  @Override
  public List<Member> members() {
    return loop.members();
  }

  @Override
  public WorkSource workSource(String name, SourceOptions how) {
    checkRanks(how.consumers());
    return outbox(
        new OutboxStream.Setup(
            Stream.Kind.QUEUE,
            name,
            how.consumers(),
            how.queue(),
            how.lease().toNanos(),
            options.reconnectGrace().toNanos() / 4,
            options.maxMessageBytes(),
            checkBelowBytes),
        NO_DIAL);
  }

  @Override
  public WorkConsumer workConsumer(String name, int sourceRank, Credit credit) {
    checkRanks(Set.of(sourceRank));
    return inbox(Stream.Kind.QUEUE, name, Set.of(sourceRank), credit, OnLoss.FAIL, sourceRank);
  }

  @Override
  public Pusher pusher(String name, int pullerRank) {
    checkRanks(Set.of(pullerRank));
    return outbox(
        new OutboxStream.Setup(
            Stream.Kind.PUSH,
            name,
            Set.of(pullerRank),
            PUSH_QUEUE,
            NEVER_NANOS,
            NEVER_NANOS,
            options.maxMessageBytes(),
            checkBelowBytes),
        pullerRank);
  }

  @Override
  public Puller puller(String name, PullOptions how) {
    checkRanks(how.senders());
    return inbox(Stream.Kind.PUSH, name, how.senders(), how.credit(), how.onLoss(), NO_DIAL);
  }

  private OutboxStream outbox(OutboxStream.Setup setup, int dial) {
    checkOpen();
    OutboxStream outbox = new OutboxStream(setup, loop);
    loop.register(Stream.idOf(setup.kind(), setup.name()), outbox, dial);
    return outbox;
  }

  @Override
  public Broadcaster broadcaster(String name, BroadcastOptions how) {
    checkRanks(how.receivers());
    checkOpen();
    List<Integer> chain = chain(membership.rank(), how);
    BroadcastOutbox outbox =
        new BroadcastOutbox(
            name, chain.subList(1, chain.size()), how.credit(), options.maxMessageBytes(), loop);
    loop.register(Stream.idOf(Stream.Kind.BROADCAST, name), outbox, chain.get(1));
    return outbox;
  }

  @Override
  public Inbox broadcastReceiver(String name, int senderRank, BroadcastOptions how) {
    checkRanks(Set.of(senderRank));
    checkOpen();
    List<Integer> chain = chain(senderRank, how);
    int position = chain.indexOf(membership.rank());
    if (position < 1) {
      throw new IllegalArgumentException(
          "rank "
              + membership.rank()
              + " is not among the receivers "
              + new TreeSet<>(how.receivers())
              + " of broadcast '"
              + name
              + "'");
    }
    BroadcastInbox inbox =
        new BroadcastInbox(
            name,
            new BroadcastInbox.Place(chain, position),
            how.credit(),
            options.maxMessageBytes(),
            loop);
    boolean last = position == chain.size() - 1;
    loop.register(
        Stream.idOf(Stream.Kind.BROADCAST, name), inbox, last ? NO_DIAL : chain.get(position + 1));
    return inbox;
  }

  /** The sender, then the receivers as they follow it around the gang. */
  private List<Integer> chain(int sender, BroadcastOptions how) {
    List<Integer> chain = new ArrayList<>();
    chain.add(sender);
    for (int step = 1; step < membership.size(); step++) {
      int rank = (sender + step) % membership.size();
      if (how.receivers().contains(rank)) {
        chain.add(rank);
      }
    }
    return List.copyOf(chain);
  }

  private InboxStream inbox(
      Stream.Kind kind, String name, Set<Integer> from, Credit credit, OnLoss onLoss, int dial) {
    checkOpen();
    InboxStream inbox =
        new InboxStream(
            new InboxStream.Setup(kind, name, from, credit, onLoss, options.maxMessageBytes()),
            loop);
    loop.register(Stream.idOf(kind, name), inbox, dial);
    return inbox;
  }

  @Override
  public void barrier(String name, Duration timeout) throws InterruptedException {
    checkOpen();
    BarrierStream barrier;
    synchronized (barriers) {
      BarrierStream known = barriers.get(name);
      barrier =
          known != null
              ? known
              : new BarrierStream(name, membership.rank(), membership.size(), loop);
      if (known == null) {
        barriers.put(name, barrier);
        int dial = membership.rank() == 0 ? NO_DIAL : 0;
        loop.register(Stream.idOf(Stream.Kind.BARRIER, name), barrier, dial);
      }
    }
    barrier.pass(timeout);
  }

  private void checkRanks(Set<Integer> ranks) {
    for (int rank : ranks) {
      if (rank < 0 || rank >= membership.size() || rank == membership.rank()) {
        throw new IllegalArgumentException(
            "rank "
                + rank
                + " cannot be a peer of rank "
                + membership.rank()
                + " in a gang of "
                + membership.size());
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new ChannelClosedException("the channel has been closed");
    }
  }

  @Override
  public BufferPool buffers() {
    return buffers;
  }

  @Override
  public void onEvent(Consumer<ChannelEvent> listener) {
    loop.addListener(listener);
  }

  /** Ends without goodbye and without sending what waits: for tests of what others make of it. */
  void abort() {
    loop.abort();
    close();
  }

  @Override
  public void close() {
    closed = true;
    loop.close();
    if (Thread.currentThread() == thread || loop.isRunHere()) {
      return; // From a listener: the thread that runs the channel cannot wait for its end.
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
