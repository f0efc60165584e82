package io.nfspawn.transport;

import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.core.Kills;

class MemoryBroadcastTest extends BroadcastContract {

  @Override
  Channel open(TestGang gang, int rank, ChannelOptions options) {
    MemoryWire wire = new MemoryWire(MemoryWire.Faults.NONE);
    return GangChannel.open(gang.membership(rank), options, wire, System::nanoTime);
  }

  @Override
  void kill(Channel channel) {
    Kills.kill(channel);
  }
}
