package io.nfspawn.bams3.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends StoreContractTest {
  @TempDir Path dir;

  @Override
  Store store() {
    return new DirectoryStore(dir.resolve("d"));
  }

  @Test
  void shouldRefuseAKeyThatLeavesTheDirectory() {
    assertThatThrownBy(() -> store().size("../x")).isInstanceOf(IllegalArgumentException.class);
  }
}
