package io.nfspawn.bams3.store;

class MemoryStoreTest extends StoreContractTest {
  @Override
  protected Store store() {
    return new MemoryStore();
  }
}
