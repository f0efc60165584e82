package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelEvent;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Member;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.frame.Handshake;
import io.nfspawn.transport.frame.Handshake.Greeting;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.wire.Wire;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every session of a channel that stands, and the peers at their other ends: dials those that are
 * wanted, keeps sessions alive, and notices when a peer is gone. Owned by the channel's thread.
 */
final class Sessions {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);
  private static final int FRAMES_A_TURN = 16;

  private final Membership membership;
  private final ChannelOptions options;
  private final Wire wire;
  private final SessionListener listener;
  private final Peers peers;
  private final SessionTable established = new SessionTable();
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
    this.listener = listener;
    this.dialler = new Dialler(options, wire, handshake);
    this.liveness = new Liveness(options);
    this.peers = new Peers(membership.size());
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

  void setNow(long now) {
    nowNanos = now;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** The one of that number; null when it does not stand, or not any more. */
  @Nullable Session get(long id) {
    return established.get(id);
  }

  // ---- beginnings -------------------------------------------------------------------------

  /** Its peer has proved who it is: it takes the place of the former one. */
  void establish(Session session) {
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

  /** Who dials anew lives, however long it takes him: his time to come back begins again. */
  void onAdmitted(Greeting greeting) {
    Peer peer = peers.of(greeting.rank());
    if (peer.downSinceNanos >= 0 && peer.instance == greeting.instance()) {
      peer.downSinceNanos = nowNanos;
    }
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
  void renew(Session session, String why) {
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

  /** A predecessor that was killed is found out within the peer's time-out; until then we ask. */
  void onRefused(Session session, String reason) {
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

  void gone(Peer peer, Peer.State state, String reason) {
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

  /** Nobody is at the other end of the link any more. */
  void onLinkDown(Wire.Link link) {
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
    dialler
        .givenUp(peer, member, nowNanos)
        .or(() -> dialler.dial(peer, member, nowNanos))
        .ifPresent(reason -> gone(peer, Peer.State.LOST, reason));
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

  Wire.@Nullable Sent pump(Session session) {
    return session.pump(wire, membership.epoch(), membership.rank(), options, nowNanos);
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
