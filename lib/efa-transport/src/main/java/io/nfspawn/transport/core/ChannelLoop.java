package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelEvent;
import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Idle;
import io.nfspawn.transport.Member;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.frame.Handshake;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a channel: receives, dispatches, sends and watches the time. {@link #doWork} is one
 * turn of it, so that tests can step it. On a polled wire a thread of the application that waits
 * runs turns itself, see {@link Turns}: "the channel's thread" is whoever has the turn.
 */
final class ChannelLoop implements Runnable, Loop, SessionListener {
  private static final Logger log = LoggerFactory.getLogger(ChannelLoop.class);
  private static final int FRAMES_A_TURN = 32;
  private static final long TICK_NANOS = 20_000_000;
  private static final long MEMBERS_NANOS = 20_000_000;

  /** A thread that waits runs the channel as long as something keeps happening. */
  private static final long HELP_NANOS = 2_000_000;

  /** Where the kernel wakes who sleeps when something comes: on the cores others compute on. */
  private static final long WOKEN_HELP_NANOS = 1_000_000;

  private static final long HELP_SPIN_NANOS = 20_000;
  private static final long BLOCKED_PARK_NANOS = 200_000;
  private static final long STALL_NANOS = 1_000_000_000;
  private static final long FLUSH_NANOS = 2_000_000_000;
  private static final int LINGER_MILLIS = 1000;

  private final Wire wire;
  private final LongSupplier clock;
  private final MembersFile membersFile;
  private final Sessions sessions;
  private final Reception reception;
  private final StreamTable streams = new StreamTable();
  private final Turns turns = new Turns();
  private final Queue<Runnable> actions = new ConcurrentLinkedQueue<>();
  private final List<Consumer<ChannelEvent>> listeners = new CopyOnWriteArrayList<>();
  private final Runnable wakeUp = this::wakeUp;
  private final IdleStrategy idle;
  private volatile List<Member> members;
  private volatile boolean closing;
  private volatile boolean aborting;
  private volatile boolean ended;

  /** What ended a turn that a thread of the application ran. */
  private volatile @Nullable Throwable failure;

  private final long helpNanos;
  private final long helpSpinNanos;
  private long parkNanos;
  private final long lingerNanos;
  private long lastTurnNanos;
  private long nextTickNanos;
  private long nextMembersNanos;

  ChannelLoop(
      Membership membership,
      ChannelOptions options,
      Wire wire,
      Handshake handshake,
      LongSupplier clock,
      List<Member> members) {
    this.wire = wire;
    this.clock = clock;
    this.membersFile = new MembersFile(membership);
    this.members = members;
    this.sessions = new Sessions(membership, options, wire, handshake, this);
    this.reception = new Reception(membership, wire, handshake, sessions, this);
    this.idle = new IdleStrategy(options.idle());
    this.helpSpinNanos = options.idle() == Idle.SPINNING ? HELP_SPIN_NANOS : 0;
    this.helpNanos = wire.parksInTurn() ? WOKEN_HELP_NANOS : HELP_NANOS;
    this.lingerNanos = options.peerTimeout().toNanos();
    this.lastTurnNanos = clock.getAsLong();
    this.nextTickNanos = lastTurnNanos;
    this.nextMembersNanos = lastTurnNanos;
  }

  // ---- for the application's threads --------------------------------------------------------

  /** Adds a stream and, when it needs to dial, the peer it needs. */
  void register(int id, Stream stream, int dialRank) {
    if (!streams.add(id, stream)) {
      throw new IllegalArgumentException(
          stream + ": this channel has one of that name already (or of a name that collides)");
    }
    execute(
        () -> {
          for (Session session : sessions.established()) {
            Message early = session.early.remove(id);
            if (early != null) {
              stream.onMessage(session, early);
            }
          }
          if (dialRank >= 0) {
            dial(dialRank, stream);
          }
        });
  }

  @Override
  public void dial(int rank, Stream stream) {
    Peer peer = sessions.peer(rank);
    if (peer.isGone()) {
      stream.onPeerGone(peer.rank, peer.lostReason);
      return;
    }
    sessions.want(peer.rank, clock.getAsLong());
    Session session = peer.dialled;
    if (session != null) {
      stream.onDialled(session);
    }
  }

  @Override
  public boolean isGone(int rank) {
    return sessions.peer(rank).isGone();
  }

  @Override
  public void seek(int rank) {
    sessions.want(rank, clock.getAsLong());
  }

  @Override
  public void unregister(int streamId, Stream stream) {
    streams.remove(streamId, stream);
  }

  @Override
  public boolean await(News of, int seen, long untilNanos) throws InterruptedException {
    if (!wire.isPolled() || closing || !turns.takeOver(wakeUp)) {
      return false;
    }
    boolean goesOn = false;
    try {
      goesOn = run(of, seen, untilNanos);
      return goesOn;
    } catch (RuntimeException | Error e) {
      failure = e; // The channel's thread ends it.
      return false;
    } finally {
      if (goesOn) {
        turns.endHelp();
      } else {
        turns.handBack();
      }
    }
  }

  @Override
  public boolean help() {
    if (!wire.isPolled() || closing || failure != null || ended) {
      return false;
    }
    if (!turns.tryHelp()) {
      turns.announceHelp();
      return false;
    }
    try {
      workOnce(clock.getAsLong());
      return true;
    } catch (RuntimeException | Error e) {
      failure = e; // The channel's thread ends it.
      return false;
    } finally {
      turns.endHelp();
    }
  }

  /** Turns of a thread that waits; false when it should wait in its sleep instead. */
  @SuppressWarnings("ThreadPriorityCheck") // A yield is a hint here, nothing depends on it.
  private boolean run(News of, int seen, long untilNanos) throws InterruptedException {
    long idleSince = 0;
    while (of.count() == seen) {
      turns.giveWay();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (closing || failure != null || ended) {
        return false;
      }
      long now = clock.getAsLong();
      if (workOnce(now) > 0) {
        idleSince = 0;
      } else if (idleSince == 0) {
        idleSince = now;
      } else if (now - idleSince > helpNanos || System.nanoTime() - untilNanos >= 0) {
        return false;
      } else if (now - idleSince > helpSpinNanos) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
    return true;
  }

  @Override
  public void execute(Runnable action) {
    actions.add(action);
    if (ended) {
      runActions();
    } else {
      wire.wakeUp();
    }
  }

  @Override
  public void wakeUp() {
    wire.wakeUp();
  }

  @Override
  public long nowNanos() {
    return clock.getAsLong();
  }

  void close() {
    closing = true;
    wire.wakeUp();
  }

  /** Ends without a word, as a killed process would. */
  void abort() {
    aborting = true;
    close();
  }

  /** True when this thread is running the channel at the moment. */
  boolean isRunHere() {
    return turns.isMine();
  }

  List<Member> members() {
    return members;
  }

  void addListener(Consumer<ChannelEvent> listener) {
    listeners.add(listener);
  }

  @Override
  public @Nullable RegisteredBuffer lease(ByteBuffer memory) {
    return wire.lease(memory);
  }

  @Override
  public String describe(Collection<Integer> ranks) {
    List<Member> now = members;
    return ranks.stream().map(rank -> now.get(rank).toString()).collect(Collectors.joining(", "));
  }

  // ---- the thread ---------------------------------------------------------------------------

  @Override
  public void run() {
    String cause = "belongs to a channel that has been closed";
    try {
      while (!closing) {
        turns.leaveToHelpers();
        if (turn() > 0) {
          idle.reset();
        } else if (idle.idle()) {
          park();
        }
      }
      turns.begin();
      if (!aborting) {
        linger();
        sayGoodbye();
      }
    } catch (RuntimeException | Error e) {
      cause = "belongs to a channel whose thread failed: " + e;
      log.error("event=channel_failed wire={}", wire.name(), e);
    } finally {
      if (!turns.isMine()) {
        turns.begin();
      }
      try {
        end(cause);
      } finally {
        turns.end();
      }
    }
  }

  /** One turn of the channel's own thread; it notes how long it may sleep if there was nothing. */
  private int turn() {
    turns.begin();
    try {
      Throwable broken = failure;
      if (broken != null) {
        throw new IllegalStateException("failed while the application ran it", broken);
      }
      int done = doWork();
      parkNanos = parkNanos();
      return done;
    } finally {
      turns.end();
    }
  }

  private void park() {
    if (!wire.parksInTurn()) {
      wire.park(parkNanos);
      return;
    }
    turns.begin();
    try {
      if (!turns.isWanted()) {
        wire.park(parkNanos);
      }
    } finally {
      turns.end();
    }
  }

  private void end(String cause) {
    try {
      for (Stream stream : streams.all()) {
        stream.onChannelClosed(cause);
      }
      sessions.discard();
      wire.close(aborting ? 0 : LINGER_MILLIS);
    } finally {
      ended = true;
      runActions();
    }
  }

  private long parkNanos() {
    return sessions.hasUnsent() ? BLOCKED_PARK_NANOS : Math.max(1, nextTickNanos - nowNanos());
  }

  /** One turn; returns how much was done. */
  int doWork() {
    long now = clock.getAsLong();
    sessions.setNow(now);
    wire.watch(now);
    if (now - lastTurnNanos > STALL_NANOS) {
      sessions.forgive(now - lastTurnNanos);
    }
    lastTurnNanos = now;
    if (now - nextTickNanos >= 0) {
      nextTickNanos = now + TICK_NANOS;
      refreshMembers(now);
      sessions.tick(members);
    }
    return workOnce(now);
  }

  /** What every turn does, whoever's it is. */
  private int workOnce(long now) {
    sessions.setNow(now);
    int done = runActions();
    done += wire.poll(reception, FRAMES_A_TURN);
    for (Stream stream : streams.all()) {
      stream.dispatch(now);
    }
    done += sessions.pump();
    wire.flush();
    return done;
  }

  private int runActions() {
    int done = 0;
    for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
      action.run();
      done++;
    }
    return done;
  }

  private void refreshMembers(long now) {
    if (now - nextMembersNanos >= 0 && sessions.needsMembers()) {
      nextMembersNanos = now + MEMBERS_NANOS;
      try {
        members = membersFile.read();
      } catch (ChannelException e) {
        // The file at the start was sound: keep what is known, the wait for members ends it.
        log.warn("event=members_unreadable reason=\"{}\"", e.getMessage());
        nextMembersNanos = now + STALL_NANOS;
      }
    }
  }

  private void linger() {
    long end = clock.getAsLong() + lingerNanos;
    while (streams.anyLingers() && clock.getAsLong() - end < 0) {
      if (doWork() == 0) {
        wire.park(parkNanos());
      }
    }
  }

  private void sayGoodbye() {
    doWork();
    sessions.sayGoodbye();
    long end = clock.getAsLong() + FLUSH_NANOS;
    while (sessions.hasUnsent() && clock.getAsLong() - end < 0) {
      if (sessions.pump() == 0) {
        wire.park(BLOCKED_PARK_NANOS);
      }
    }
  }

  // ---- sessions -----------------------------------------------------------------------------

  @Override
  public void onDialled(Session session) {
    for (Stream stream : streams.all()) {
      stream.onDialled(session);
    }
  }

  @Override
  public void onHot(Session session, MessageCursor at) {
    Stream stream = streams.get(at.stream());
    if (stream != null) {
      stream.onHot(session, at);
    }
  }

  @Override
  public void onMessage(Session session, Message message) {
    Stream stream = streams.get(message.stream());
    if (stream != null) {
      stream.onMessage(session, message);
      return;
    }
    boolean opens =
        switch (message.type()) {
          case OPEN, SUBSCRIBE, BARRIER_ENTER -> true;
          default -> false;
        };
    if (opens && !session.keepEarly(message)) {
      log.warn("event=too_many_streams peer={}", session.rank);
    }
  }

  @Override
  public void onSessionDown(Session session) {
    for (Stream stream : streams.all()) {
      stream.onSessionDown(session);
    }
  }

  @Override
  public void onPeerGone(int rank, String reason) {
    for (Stream stream : streams.all()) {
      stream.onPeerGone(rank, reason);
    }
  }

  @Override
  public void onEvent(ChannelEvent event) {
    for (Consumer<ChannelEvent> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        log.warn("event=listener_failed for={}", event, e);
      }
    }
  }
}
