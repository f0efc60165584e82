package io.nfspawn.transport;

/** Something a channel noticed about its peers. */
public sealed interface ChannelEvent {

  /** A member proved itself and is connected; {@code again} when it had been lost before. */
  record PeerJoined(int rank, boolean again) implements ChannelEvent {}

  /** A member said goodbye. */
  record PeerLeft(int rank) implements ChannelEvent {}

  /** A member was not heard of for too long, or its connection broke and it did not come back. */
  record PeerLost(int rank, String reason) implements ChannelEvent {}

  /** Somebody who could not prove to be a member was turned away; {@code peer} as far as known. */
  record StrangerRefused(String peer, String reason) implements ChannelEvent {}
}
