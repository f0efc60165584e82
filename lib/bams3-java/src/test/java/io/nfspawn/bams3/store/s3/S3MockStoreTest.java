package io.nfspawn.bams3.store.s3;

import org.junit.jupiter.api.Tag;

@Tag("long")
class S3MockStoreTest extends S3StoreContractTest {
  @Override
  S3Server server() {
    return S3Server.s3Mock();
  }
}
