package io.nfspawn.transport;

/** Chooses the wire of a channel from what was asked for and what there is. */
final class WireChoice {
  /** The ZeroMQ wire. */
  static final String ZMQ = "zmq";

  private WireChoice() {}

  static Channel open(Membership membership, ChannelOptions options) {
    if (options.wire().equals(ZMQ)) {
      throw new ChannelException("wire zmq is not there yet");
    }
    throw new ChannelException("no wire '" + options.wire() + "' for gang " + membership.gang());
  }
}
