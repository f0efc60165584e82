package io.nfspawn.transport.core;

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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a wire brings: shakes hands with members, turns strangers away, opens the frames of sessions
 * and gives their messages to streams. Owned by the channel's thread.
 */
final class Reception implements Wire.Receiver {
  private static final Logger log = LoggerFactory.getLogger(Reception.class);
  private static final int LEAST_PENDING = 64;
  private static final long MOST_IDLE_BYTES = 4 << 20;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Membership membership;
  private final Wire wire;
  private final Handshake handshake;
  private final Sessions sessions;
  private final SessionListener listener;
  private final Gatekeeper gatekeeper;
  private final PendingSessions pending;
  private final FramePool frames = new FramePool(MOST_IDLE_BYTES);
  private final MessageCursor messages = new MessageCursor();

  /** Of the frame at hand. */
  private final FrameHeader header = new FrameHeader();

  /** Guards the wire from now on. */
  Reception(
      Membership membership,
      Wire wire,
      Handshake handshake,
      Sessions sessions,
      SessionListener listener) {
    this.membership = membership;
    this.wire = wire;
    this.handshake = handshake;
    this.sessions = sessions;
    this.listener = listener;
    this.gatekeeper =
        new Gatekeeper(
            membership, handshake, sessions::onAdmitted, listener::onEvent, sessions::nowNanos);
    this.pending = new PendingSessions(Math.max(LEAST_PENDING, 2 * membership.size()));
    wire.guard(gatekeeper);
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
      frame.releaseInTurn(1);
    }
  }

  @Override
  public void onFrame(Wire.Link from, Frame frame, Wire.Attachment attachment) {
    try {
      onFrameWith(from, frame, attachment);
    } finally {
      // Who needs it longer has retained it.
      attachment.release();
      frame.releaseInTurn(1);
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
    Peer peer = sessions.peer(header.senderRank());
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
    wire.trust(from);
    session.send(Message.of(Message.Type.KEEP_ALIVE));
    sessions.establish(session);
  }

  private void onData(Wire.Link from, Frame frame, Wire.@Nullable Attachment attachment) {
    Session session = sessions.get(header.session());
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
    sessions.peer(session.rank).lastHeardNanos = sessions.nowNanos();
    try {
      handle(session);
    } catch (MalformedFrameException | IllegalArgumentException e) {
      sessions.end(session, String.valueOf(e.getMessage()));
      refuse(from, "rank " + session.rank + ": " + e.getMessage());
    }
  }

  private void handle(Session session) {
    while (!session.over && messages.next()) {
      if (messages.type().isOfItems()) {
        sessions.peer(session.rank).refusedSinceNanos = -1;
        listener.onHot(session, messages);
      } else {
        onMessage(session, messages.message());
      }
    }
  }

  private boolean prove(Session session) {
    pending.remove(session.id);
    Peer peer = sessions.peer(session.rank);
    if (peer.state == Peer.State.JOINED && peer.instance != session.instance) {
      if (peer.hasSession()) {
        refuseSecond(session, peer);
        return false;
      }
      sessions.gone(
          peer, Peer.State.LOST, "its connection broke and another process took its place");
    }
    wire.trust(session.link);
    sessions.establish(session);
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
    sessions.pump(claimant);
    for (Session session : holder.sessions()) {
      session.send(Message.of(Message.Type.KEEP_ALIVE));
    }
  }

  private void onMessage(Session session, Message message) {
    switch (message.type()) {
      case KEEP_ALIVE -> {}
      case DIAL_AGAIN -> sessions.end(session, "the other side asked for another");
      case GOODBYE ->
          sessions.gone(sessions.peer(session.rank), Peer.State.LEFT, "it closed its channel");
      case REFUSED -> sessions.onRefused(session, message.text());
      default -> {
        sessions.peer(session.rank).refusedSinceNanos = -1;
        listener.onMessage(session, message);
      }
    }
  }

  /** Frames were lost, their order is gone: whoever dialled makes another session. */
  private void askAgain(Session session) {
    if (!session.dialled && session.proved && !session.over) {
      session.sendFirst(Message.of(Message.Type.DIAL_AGAIN));
      sessions.pump(session);
    }
    pending.remove(session.id);
    sessions.renew(session, "frames were lost on the way");
  }

  @Override
  public void onLinkDown(Wire.Link link) {
    sessions.onLinkDown(link);
  }
}
