package io.nfspawn.transport;

import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.core.Kills;
import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.fabric.Fabrics;
import org.junit.jupiter.api.BeforeEach;

class ShmBroadcastTest extends BroadcastContract {

  @BeforeEach
  void needLibfabric() {
    Fabrics.library();
  }

  @Override
  Channel open(TestGang gang, int rank, ChannelOptions options) {
    return GangChannel.open(
        gang.membership(rank),
        options,
        new FabricWire(Fabrics.library(), "shm", 1, options.maxMessageBytes() + 4096L),
        System::nanoTime);
  }

  @Override
  void kill(Channel channel) {
    Kills.kill(channel);
  }
}
