package io.nfspawn.transport;

/** Over TCP, with two endpoints that share the long-reads. */
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
