package io.nfspawn.transport;

class ZmqBarrierTest extends BarrierContract {

  @Override
  Channel open(TestGang gang, int rank, ChannelOptions options) {
    return Channel.open(gang.membership(rank), options.withWire("zmq"));
  }
}
