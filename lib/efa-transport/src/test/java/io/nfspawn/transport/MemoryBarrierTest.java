package io.nfspawn.transport;

import io.nfspawn.transport.core.GangChannel;

class MemoryBarrierTest extends BarrierContract {

  @Override
  Channel open(TestGang gang, int rank, ChannelOptions options) {
    MemoryWire wire = new MemoryWire(MemoryWire.Faults.NONE);
    return GangChannel.open(gang.membership(rank), options, wire, System::nanoTime);
  }
}
