package io.nfspawn.transport;

import io.nfspawn.transport.core.Kills;

class ZmqBroadcastTest extends BroadcastContract {

  @Override
  Channel open(TestGang gang, int rank, ChannelOptions options) {
    return Channel.open(gang.membership(rank), options.withWire("zmq"));
  }

  @Override
  void kill(Channel channel) {
    Kills.kill(channel);
  }
}
