package io.nfspawn.bams3.store;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;

/** A directory of a file system that is not the machine's. */
class ForeignFileSystemStoreTest extends StoreContractTest {
  @Override
  protected Store store() {
    return new DirectoryStore(Jimfs.newFileSystem(Configuration.unix()).getPath("/work/d"));
  }
}
