package io.nfspawn.transport;

import org.junit.jupiter.api.Tag;

/** Over TCP, with two endpoints that share the long-reads. */
@Tag("long")
class RxmChannelTest extends FabricChannelContract {
  @Override
  String provider() {
    return "tcp;ofi_rxm";
  }

  @Override
  int rails() {
    return 2;
  }
}
