package io.nfspawn.bams3.store;

class MemoryStoreTest extends StoreContractTest {
  @Override
  Store store() {
    return new MemoryStore();
  }
}
