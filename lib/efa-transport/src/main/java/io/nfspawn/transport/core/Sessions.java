package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelEvent;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Member;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.frame.FrameHeader;
import io.nfspawn.transport.frame.Handshake;
import io.nfspawn.transport.frame.Handshake.Greeting;
import io.nfspawn.transport.frame.MalformedFrameException;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.FramePool;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every session of a channel: accepts and dials, proves, routes frames to streams, and notices when
 * a peer is gone. Owned by the channel's thread.
 */
final class Sessions implements Wire.Receiver {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);
  private static final int LEAST_PENDING = 64;
  private static final int FRAMES_A_TURN = 16;
  private static final long MOST_IDLE_BYTES = 4 << 20;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Membership membership;
  private final ChannelOptions options;
  private final Wire wire;
  private final Handshake handshake;
  private final SessionListener listener;
  private final Peers peers;
  private final FramePool frames = new FramePool(MOST_IDLE_BYTES);
  private final MessageCursor messages = new MessageCursor();

  /** Of the frame at hand. */
  private final FrameHeader header = new FrameHeader();

  private final SessionTable established = new SessionTable();
  private final PendingSessions pending;
  private final Gatekeeper gatekeeper;
  private final Dialler dialler;
  private final Liveness liveness;
  private long nowNanos;

  Sessions(
      Membership membership,
      ChannelOptions options,
      Wire wire,
      Handshake handshake,
      SessionListener listener) {
    this.membership = membership;
    this.options = options;
    this.wire = wire;
    this.handshake = handshake;
    this.listener = listener;
    this.dialler = new Dialler(options, wire, handshake);
    this.liveness = new Liveness(options);
    this.gatekeeper =
        new Gatekeeper(membership, handshake, this::onAdmitted, listener::onEvent, () -> nowNanos);
    wire.guard(gatekeeper);
    this.peers = new Peers(membership.size());
    this.pending = new PendingSessions(Math.max(LEAST_PENDING, 2 * membership.size()));
  }

  Peer peer(int rank) {
    return peers.of(rank);
  }

  /** As they are now; not to be changed. */
  Session[] established() {
    return established.all();
  }

  /** From now on this peer is dialled until it answers or is lost. */
  void want(int rank, long now) {
    peers.of(rank).want(now);
  }

  // ---- frames -----------------------------------------------------------------------------

  void setNow(long now) {
    nowNanos = now;
  }

  @Override
  public Frame room(int lengthBytes) {
    return frames.take(lengthBytes);
  }

  @Override
  public void onFrame(Wire.Link from, Frame frame) {
    try {
      onFrameWith(from, frame, null);
    } finally {
      frame.release(1);
    }
  }

  @Override
  public void onFrame(Wire.Link from, Frame frame, Wire.Attachment attachment) {
    try {
      onFrameWith(from, frame, attachment);
    } finally {
      // Who needs it longer has retained it.
      attachment.release();
      frame.release(1);
    }
  }

  private void onFrameWith(Wire.Link from, Frame frame, Wire.@Nullable Attachment attachment) {
    try {
      header.read(frame.bytes(), frame.lengthBytes());
      switch (header.kind()) {
        case HELLO -> accept(from, frame.copy());
        case WELCOME -> onWelcome(from, frame.copy());
        case DATA -> onData(from, frame, attachment);
      }
    } catch (MalformedFrameException e) {
      refuse(from, String.valueOf(e.getMessage()));
    }
  }

  private void refuse(Wire.Link from, String reason) {
    gatekeeper.refuse(from.describe(), reason);
  }

  /** Who dials anew lives, however long it takes him: his time to come back begins again. */
  private void onAdmitted(Greeting greeting) {
    Peer peer = peers.of(greeting.rank());
    if (peer.downSinceNanos >= 0 && peer.instance == greeting.instance()) {
      peer.downSinceNanos = nowNanos;
    }
  }

  private void accept(Wire.Link from, byte[] hello) {
    Greeting greeting = handshake.readHello(hello);
    gatekeeper.checkRank(greeting.rank());
    byte[] again = pending.answerTo(hello);
    if (again != null) {
      wire.send(from, again);
      return;
    }
    byte[] welcome = handshake.welcome(hello);
    if (wire.send(from, welcome.clone()) == Wire.Sent.ACCEPTED) {
      var ciphers = handshake.acceptorCiphers(hello, welcome);
      Session session = new Session(greeting.rank(), greeting.instance(), ciphers, from, false);
      pending.put(session, hello, welcome);
    }
  }

  private void onWelcome(Wire.Link from, byte[] welcome) {
    gatekeeper.checkRank(header.senderRank());
    Peer peer = peers.of(header.senderRank());
    byte[] hello = peer.hello;
    if (hello == null || !from.equals(peer.dialling)) {
      return; // A late answer to a handshake that was repeated.
    }
    Greeting greeting = handshake.readWelcome(hello, welcome);
    Session session =
        new Session(
            peer.rank, greeting.instance(), handshake.dialerCiphers(hello, welcome), from, true);
    peer.hello = null;
    peer.dialling = null;
    session.send(Message.of(Message.Type.KEEP_ALIVE));
    establish(session);
  }

  private void onData(Wire.Link from, Frame frame, Wire.@Nullable Attachment attachment) {
    Session session = established.get(header.session());
    if (session == null) {
      session = pending.get(header.session());
    }
    if (session == null || header.epoch() != membership.epoch()) {
      if (header.epoch() != membership.epoch()) {
        refuse(from, "epoch " + header.epoch() + ", ours is " + membership.epoch());
      }
      return; // Of a session that is over, or made up: nothing to be said to it.
    }
    if (header.senderRank() != session.rank) {
      refuse(from, "rank " + header.senderRank() + " in a session of rank " + session.rank);
      return;
    }
    Session.Verdict verdict = session.open(header, frame, attachment, messages);
    if (verdict == Session.Verdict.GAP) {
      log.debug("event=session_gap peer={} sequence={}", session.rank, header.sequence());
      askAgain(session);
    }
    if (verdict != Session.Verdict.IN_ORDER) {
      return;
    }
    session.link = from;
    if (!session.proved && !session.dialled && !prove(session)) {
      return;
    }
    peers.of(session.rank).lastHeardNanos = nowNanos;
    try {
      handle(session);
    } catch (MalformedFrameException | IllegalArgumentException e) {
      end(session, String.valueOf(e.getMessage()));
      refuse(from, "rank " + session.rank + ": " + e.getMessage());
    }
  }

  private void handle(Session session) {
    while (!session.over && messages.next()) {
      if (messages.type().isOfItems()) {
        peers.of(session.rank).refusedSinceNanos = -1;
        listener.onHot(session, messages);
      } else {
        onMessage(session, messages.message());
      }
    }
  }

  private boolean prove(Session session) {
    pending.remove(session.id);
    Peer peer = peers.of(session.rank);
    if (peer.state == Peer.State.JOINED && peer.instance != session.instance) {
      if (peer.hasSession()) {
        refuseSecond(session, peer);
        return false;
      }
      gone(peer, Peer.State.LOST, "its connection broke and another process took its place");
    }
    establish(session);
    session.send(Message.of(Message.Type.KEEP_ALIVE)); // So that who dialled knows it was heard.
    return true;
  }

  /**
   * Whoever holds the rank seems alive. He may just have been killed, so he is asked for a sign of
   * life, and the claimant asks again.
   */
  private void refuseSecond(Session claimant, Peer holder) {
    String reason = "rank " + holder.rank + " is taken by another process that is alive";
    refuse(claimant.link, reason);
    claimant.send(Message.of(Message.Type.REFUSED, 0, 0, reason, NOTHING));
    pump(claimant);
    for (Session session : holder.sessions()) {
      session.send(Message.of(Message.Type.KEEP_ALIVE));
    }
  }

  private void establish(Session session) {
    session.proved = true;
    Peer peer = peers.of(session.rank);
    Session former = session.dialled ? peer.dialled : peer.accepted;
    if (former != null) {
      end(former, "replaced");
    }
    boolean again = peer.isGone();
    boolean joined = peer.state != Peer.State.JOINED;
    peer.join(session, nowNanos);
    established.add(session);
    if (joined) {
      log.debug("event=peer_joined rank={} wire={}", peer.rank, wire.name());
      listener.onEvent(new ChannelEvent.PeerJoined(peer.rank, again));
    }
    if (session.dialled) {
      listener.onDialled(session);
    }
  }

  private void onMessage(Session session, Message message) {
    switch (message.type()) {
      case KEEP_ALIVE -> {}
      case DIAL_AGAIN -> end(session, "the other side asked for another");
      case GOODBYE -> gone(peers.of(session.rank), Peer.State.LEFT, "it closed its channel");
      case REFUSED -> onRefused(session, message.text());
      default -> {
        peers.of(session.rank).refusedSinceNanos = -1;
        listener.onMessage(session, message);
      }
    }
  }

  /** A predecessor that was killed is found out within the peer's time-out; until then we ask. */
  private void onRefused(Session session, String reason) {
    Peer peer = peers.of(session.rank);
    end(session, "refused: " + reason);
    if (peer.refusedSinceNanos < 0) {
      peer.refusedSinceNanos = nowNanos;
    }
    if (liveness.isRefusalFinal(peer, nowNanos)) {
      gone(peer, Peer.State.LOST, "it refused us: " + reason);
    }
    peer.nextDialNanos = nowNanos + keepAliveNanos();
  }

  // ---- ends -------------------------------------------------------------------------------

  /** Ends one session and its link; the peer may still come back. */
  void end(Session session, String why) {
    if (!session.over && session.dialled) {
      wire.drop(session.link);
    }
    giveUp(session, why);
  }

  /** Ends a session for another one; a link of ours stays until that one stands. */
  private void renew(Session session, String why) {
    if (!session.over && session.dialled) {
      dialler.keep(peers.of(session.rank), session.link);
    }
    giveUp(session, why);
  }

  private void giveUp(Session session, String why) {
    if (session.over) {
      return;
    }
    session.over = true;
    session.discard();
    established.remove(session);
    Peer peer = peers.of(session.rank);
    if (peer.dialled == session) {
      peer.dialled = null;
    }
    if (peer.accepted == session) {
      peer.accepted = null;
    }
    log.debug("event=session_ended peer={} reason=\"{}\"", session.rank, why);
    listener.onSessionDown(session);
  }

  /** As the other, because nobody is at the end of its link: the peer has little time to return. */
  private void endBroken(Session session) {
    end(session, "its connection broke");
    peers.of(session.rank).broke(nowNanos);
  }

  /** Frames were lost, their order is gone: whoever dialled makes another session. */
  private void askAgain(Session session) {
    if (!session.dialled && session.proved && !session.over) {
      session.sendFirst(Message.of(Message.Type.DIAL_AGAIN));
      pump(session);
    }
    pending.remove(session.id);
    renew(session, "frames were lost on the way");
  }

  private void gone(Peer peer, Peer.State state, String reason) {
    if (peer.isGone()) {
      return;
    }
    peer.state = state;
    peer.lostReason = reason;
    peer.wanted = false;
    dialler.stop(peer);
    dialler.dropFormer(peer);
    for (Session session : peer.sessions()) {
      end(session, reason);
    }
    if (state == Peer.State.LEFT) {
      log.debug("event=peer_left rank={}", peer.rank);
      listener.onEvent(new ChannelEvent.PeerLeft(peer.rank));
    } else {
      log.warn("event=peer_lost rank={} reason=\"{}\"", peer.rank, reason);
      listener.onEvent(new ChannelEvent.PeerLost(peer.rank, reason));
    }
    listener.onPeerGone(peer.rank, reason);
  }

  @Override
  public void onLinkDown(Wire.Link link) {
    for (Peer peer : peers.all()) {
      for (Session session : peer.sessions()) {
        if (session.link.equals(link)) {
          endBroken(session);
        }
      }
      if (link.equals(peer.dialling)) {
        dialler.stop(peer);
      }
      if (link.equals(peer.former)) {
        dialler.dropFormer(peer);
        peer.broke(nowNanos);
      }
    }
  }

  // ---- time -------------------------------------------------------------------------------

  /** After this side itself stood still, silence proves nothing: everybody gets that time anew. */
  void forgive(long stalledNanos) {
    for (Peer peer : peers.all()) {
      peer.forgive(stalledNanos);
      if (peer.dialled != null && liveness.isLongStall(stalledNanos)) {
        renew(peer.dialled, "this process stood still");
      }
    }
  }

  /** True when a peer is wanted whose address is not known or that has not answered yet. */
  boolean needsMembers() {
    return peers.needMembers();
  }

  /** Keeps sessions alive, dials, and finds out who is gone. */
  void tick(List<Member> members) {
    for (Session session : established.all()) {
      if (nowNanos - session.lastSentNanos > keepAliveNanos() && !session.hasUnsent()) {
        session.send(Message.of(Message.Type.KEEP_ALIVE));
      }
    }
    for (Peer peer : peers.all()) {
      checkLiveness(peer);
      checkConfirmed(peer);
      if (peer.wanted && peer.dialled == null) {
        dial(peer, members.get(peer.rank));
      }
    }
  }

  private void checkLiveness(Peer peer) {
    if (peer.state != Peer.State.JOINED) {
      return;
    }
    Optional<String> death = liveness.death(peer, nowNanos);
    Session dialled = peer.dialled;
    if (death.isPresent()) {
      gone(peer, Peer.State.LOST, death.get());
    } else if (dialled != null && liveness.isDoubtful(peer, nowNanos)) {
      renew(dialled, "silent");
    }
  }

  /** The frame that proves a session may be lost like any other; nobody would miss it. */
  private void checkConfirmed(Peer peer) {
    Session session = peer.dialled;
    if (session == null) {
      return;
    }
    if (session.isConfirmed()) {
      dialler.settle(peer);
    } else if (dialler.isOverdue(peer, session.establishedNanos, nowNanos)) {
      peer.unanswered++;
      renew(session, "its first frame was not answered");
    }
  }

  private long keepAliveNanos() {
    return options.keepAlive().toNanos();
  }

  private void dial(Peer peer, Member member) {
    Optional<String> givenUp = dialler.givenUp(peer, member, nowNanos);
    if (givenUp.isPresent()) {
      gone(peer, Peer.State.LOST, givenUp.get());
    } else {
      dialler.dial(peer, member, nowNanos);
    }
  }

  // ---- sending ----------------------------------------------------------------------------

  /** Sends some frames of each session that has any; returns how many went out. */
  int pump() {
    int sent = 0;
    for (Session session : established.all()) {
      Wire.Sent result = Wire.Sent.ACCEPTED;
      for (int i = 0; i < FRAMES_A_TURN && result == Wire.Sent.ACCEPTED; i++) {
        result = pump(session);
        sent += result == Wire.Sent.ACCEPTED ? 1 : 0;
      }
      if (result == Wire.Sent.UNREACHABLE) {
        endBroken(session);
      }
    }
    return sent;
  }

  private Wire.@Nullable Sent pump(Session session) {
    return session.pump(
        wire, membership.epoch(), membership.rank(), options.frameBytes(), nowNanos);
  }

  boolean hasUnsent() {
    return established.hasUnsent();
  }

  /** Lets go of what sessions have not sent. */
  void discard() {
    established.discard();
  }

  void sayGoodbye() {
    established.sendToAll(Message.of(Message.Type.GOODBYE));
  }
}
