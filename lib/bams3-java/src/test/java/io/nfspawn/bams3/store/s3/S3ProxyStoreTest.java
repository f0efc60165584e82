package io.nfspawn.bams3.store.s3;

class S3ProxyStoreTest extends S3StoreContractTest {
  @Override
  S3Server server() {
    return S3Server.s3Proxy();
  }
}
