package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.wire.Wire;
import org.junit.jupiter.api.Test;

/** Peers on this host that come and go. */
class ShmNeighboursTest {

  @Test
  void shouldOnlyLoseLinkWhenPeerGoesBeforeItsRegionIsMapped() {
    try (FabricWire peer = new FabricWire(Fabrics.library(), "shm", 1, 1 << 20);
        FabricWire wire = new FabricWire(Fabrics.wherePeersGo(), "shm", 1, 1 << 20)) {
      String address = peer.bind("127.0.0.1");
      wire.bind("127.0.0.1");
      Wire.Link link = wire.dial(address);
      assertThat(wire.send(link, new byte[3])).isEqualTo(Wire.Sent.UNREACHABLE);
    }
  }
}
