package io.nfspawn.transport;

import java.util.Set;

/** Members without whom this cannot go on are gone. */
public final class PeerLostException extends ChannelException {
  private final transient Set<Integer> ranks;

  public PeerLostException(Set<Integer> ranks, String message) {
    super(message);
    this.ranks = Set.copyOf(ranks);
  }

  public Set<Integer> ranks() {
    return ranks;
  }
}
