package io.nfspawn.bams3.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends StoreContractTest {
  @TempDir Path dir;

  @Override
  protected Store store() {
    return new DirectoryStore(dir.resolve("d"));
  }

  @Override
  protected long leftovers() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.filter(file -> file.toString().endsWith(".tmp")).count();
    }
  }

  @Test
  void shouldRefuseAKeyThatLeavesTheDirectory() {
    assertThatThrownBy(() -> store().size("../x")).isInstanceOf(IllegalArgumentException.class);
  }
}
