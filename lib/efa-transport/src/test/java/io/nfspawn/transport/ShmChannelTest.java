package io.nfspawn.transport;

class ShmChannelTest extends FabricChannelContract {
  @Override
  String provider() {
    return "shm";
  }
}
