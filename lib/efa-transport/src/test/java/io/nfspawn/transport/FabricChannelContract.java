package io.nfspawn.transport;

import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.core.Kills;
import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.fabric.Fabrics;
import org.junit.jupiter.api.BeforeEach;

/** The contract over one provider of libfabric. */
abstract class FabricChannelContract extends ChannelContract {
  abstract String provider();

  int rails() {
    return 1;
  }

  FabricLibrary library() {
    return Fabrics.library();
  }

  @BeforeEach
  void needLibfabric() {
    Fabrics.library();
  }

  @Override
  Channel open(TestGang gang, int rank, ChannelOptions options) {
    return GangChannel.open(
        gang.membership(rank),
        options,
        new FabricWire(library(), provider(), rails(), options.maxMessageBytes() + 4096L),
        System::nanoTime);
  }

  @Override
  void kill(Channel channel) {
    Kills.kill(channel);
  }
}
