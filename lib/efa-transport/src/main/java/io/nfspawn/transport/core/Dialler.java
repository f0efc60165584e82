package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Member;
import io.nfspawn.transport.frame.Handshake;
import io.nfspawn.transport.wire.Wire;
import java.util.Optional;

/**
 * Dials peers and repeats what was not answered; what it knows of a peer lies there. Owned by the
 * channel's thread.
 */
final class Dialler {
  /** After so many silent keep-alive intervals a handshake starts anew. */
  private static final int UNANSWERED_KEEP_ALIVES = 8;

  /** Each time it waits twice as long, so often: on a starved machine every answer is late. */
  private static final int MOST_DOUBLINGS = 4;

  private final ChannelOptions options;
  private final Wire wire;
  private final Handshake handshake;

  Dialler(ChannelOptions options, Wire wire, Handshake handshake) {
    this.options = options;
    this.wire = wire;
    this.handshake = handshake;
  }

  /** Why a peer that has never answered is given up; empty while there is still time. */
  Optional<String> givenUp(Peer peer, Member member, long now) {
    boolean overdue = now - peer.wantedSinceNanos > options.joinTimeout().toNanos();
    if (peer.state != Peer.State.UNKNOWN || !overdue) {
      return Optional.empty();
    }
    return Optional.of(
        member
            .endpoint(wire.name())
            .map(
                endpoint ->
                    "it did not answer at %s within %s (is its SPAWN_CHANNEL_KEY, SPAWN_GANG, SPAWN_EPOCH and encryption the same?)"
                        .formatted(endpoint, options.joinTimeout()))
            .orElseGet(
                () -> "it has not published where it listens within " + options.joinTimeout()));
  }

  /**
   * Goes one step on with a peer that has no session of ours, when its time has come; why that is
   * in vain, if it is.
   */
  Optional<String> dial(Peer peer, Member member, long now) {
    String endpoint = member.endpoint(wire.name()).orElse(null);
    if (peer.dialling != null && !peer.dialledEndpoint.equals(endpoint)) {
      // It came back and listens elsewhere; nobody will answer at the place it had.
      stop(peer);
      peer.nextDialNanos = now;
    }
    if (endpoint == null || now < peer.nextDialNanos) {
      return Optional.empty();
    }
    if (peer.dialling != null && isOverdue(peer, peer.dialStartedNanos, now)) {
      peer.unanswered++;
      stop(peer);
    }
    peer.nextDialNanos = now + options.keepAlive().toNanos();
    Wire.Link link = peer.dialling;
    byte[] unanswered = peer.hello;
    if (link != null && unanswered != null) {
      // Lost on the way, perhaps. The answer to either copy will do.
      wire.send(link, unanswered);
      return Optional.empty();
    }
    try {
      start(peer, endpoint, now);
      return Optional.empty();
    } catch (IllegalArgumentException | ChannelException e) {
      return Optional.of("its endpoint in members.json is broken: " + e.getMessage());
    }
  }

  private void start(Peer peer, String endpoint, long now) {
    Wire.Link link = wire.dial(endpoint, handshake.hello(peer.rank));
    byte[] hello = handshake.hello(peer.rank);
    peer.dialling = link;
    peer.dialledEndpoint = endpoint;
    peer.dialStartedNanos = now;
    peer.hello = hello;
    wire.send(link, hello);
  }

  /** Whether what was begun with this peer should have been answered by now. */
  boolean isOverdue(Peer peer, long sinceNanos, long now) {
    long patienceNanos = UNANSWERED_KEEP_ALIVES * options.keepAlive().toNanos();
    return now - sinceNanos > patienceNanos << Math.min(peer.unanswered, MOST_DOUBLINGS);
  }

  /** Ends a handshake that is under way. */
  void stop(Peer peer) {
    if (peer.dialling != null) {
      wire.drop(peer.dialling);
    }
    peer.dialling = null;
    peer.hello = null;
  }

  /**
   * Keeps the link of a session that was given up: at its end the other side would take this
   * process for dead, so the session that follows comes first.
   */
  void keep(Peer peer, Wire.Link link) {
    dropFormer(peer);
    peer.former = link;
  }

  /** The other side knows of the session that stands; what came before it can go. */
  void settle(Peer peer) {
    peer.unanswered = 0;
    dropFormer(peer);
  }

  void dropFormer(Peer peer) {
    if (peer.former != null) {
      wire.drop(peer.former);
    }
    peer.former = null;
  }
}
