package io.nfspawn.transport;

import io.nfspawn.transport.fabric.Fabrics;
import org.junit.jupiter.api.BeforeEach;

class ShmBarrierTest extends BarrierContract {

  @BeforeEach
  void needLibfabric() {
    Fabrics.library();
  }

  @Override
  Channel open(TestGang gang, int rank, ChannelOptions options) {
    return Channel.open(gang.membership(rank), options.withWire("fabric:shm"));
  }
}
