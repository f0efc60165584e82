package io.nfspawn.transport;

import io.nfspawn.transport.core.Kills;
import org.junit.jupiter.api.Tag;

@Tag("long")
class ZmqChannelTest extends ChannelContract {

  @Override
  Channel open(TestGang gang, int rank, ChannelOptions options) {
    return Channel.open(gang.membership(rank), options.withWire("zmq"));
  }

  @Override
  void kill(Channel channel) {
    Kills.kill(channel);
  }
}
