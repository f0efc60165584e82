package io.nfspawn.transport.core;

/** All other members, by rank, as the channel's thread knows them. */
final class Peers {
  private final Peer[] all;

  Peers(int size) {
    all = new Peer[size];
    for (int rank = 0; rank < size; rank++) {
      all[rank] = new Peer(rank);
    }
  }

  Peer of(int rank) {
    return all[rank];
  }

  /** Not to be changed. */
  Peer[] all() {
    return all;
  }

  /** True when one is wanted whose address is not known or that has not answered yet. */
  boolean needMembers() {
    for (Peer peer : all) {
      if (peer.wanted && peer.dialled == null) {
        return true;
      }
    }
    return false;
  }
}
