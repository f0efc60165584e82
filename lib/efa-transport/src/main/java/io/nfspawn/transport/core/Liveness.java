package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelOptions;
import java.util.Optional;

/** What silence and broken connections say of a peer that has joined. Immutable. */
final class Liveness {
  private final long peerTimeoutNanos;
  private final long reconnectGraceNanos;

  Liveness(ChannelOptions options) {
    this.peerTimeoutNanos = options.peerTimeout().toNanos();
    this.reconnectGraceNanos = options.reconnectGrace().toNanos();
  }

  /** Why the peer counts as dead; empty while it may live. */
  Optional<String> death(Peer peer, long now) {
    long silentNanos = now - peer.lastHeardNanos;
    if (silentNanos > peerTimeoutNanos) {
      return Optional.of("not heard of for " + silentNanos / 1_000_000 + " ms");
    }
    if (peer.downSinceNanos >= 0 && now - peer.downSinceNanos > reconnectGraceNanos) {
      return Optional.of("its connection broke and it did not come back");
    }
    return Optional.empty();
  }

  /** Whether perhaps only the other side has given our session up: a new one settles it. */
  boolean isDoubtful(Peer peer, long now) {
    long doubtNanos = peerTimeoutNanos / 4;
    return peer.dialled != null
        && now - peer.lastHeardNanos > doubtNanos
        && now - peer.dialStartedNanos > doubtNanos;
  }

  /** Whether this side stood still so long that others may have given it up. */
  boolean isLongStall(long stalledNanos) {
    return stalledNanos > peerTimeoutNanos / 2;
  }

  /** Whether a claim to a taken rank has been refused for longer than a death goes unnoticed. */
  boolean isRefusalFinal(Peer peer, long now) {
    return now - peer.refusedSinceNanos > peerTimeoutNanos + reconnectGraceNanos;
  }
}
