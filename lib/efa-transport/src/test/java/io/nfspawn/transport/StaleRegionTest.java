package io.nfspawn.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.fabric.Fabrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process leaves in /dev/shm goes when the next one opens an endpoint. */
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StaleRegionTest {
  @TempDir Path directory;

  /** Opens an endpoint, says so, and stays. */
  static final class Owner {
    public static void main(String[] args) {
      String address = new FabricWire(Fabrics.library(), "shm", 2, 1 << 20).bind("127.0.0.1");
      System.out.println(address);
      new Semaphore(0).acquireUninterruptibly();
    }
  }

  private static List<Path> regions(Process owner) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(owner.pid() + ":"))
          .toList();
    }
  }

  @Test
  void shouldRemoveRegionsOfTheDeadAndNoneOfTheLiving() throws Exception {
    Fabrics.library();
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      Process dead = TestProcess.start(gang, 0, Owner.class, directory);
      Process living = TestProcess.start(gang, 1, Owner.class, directory);
      try {
        assertThat(dead.inputReader().readLine()).contains(";shm");
        assertThat(living.inputReader().readLine()).contains(";shm");
        TestProcess.signal(dead, "-KILL");
        assertThat(dead.waitFor()).isEqualTo(128 + 9);
        assertThat(regions(dead)).as("left behind").isNotEmpty();
        List<Path> used = regions(living);
        assertThat(used).isNotEmpty();
        try (FabricWire next = new FabricWire(Fabrics.library(), "shm", 1, 1 << 20)) {
          next.bind("127.0.0.1");
          assertThat(regions(dead)).isEmpty();
          assertThat(regions(living)).isEqualTo(used);
        }
      } finally {
        dead.destroyForcibly().waitFor();
        living.destroyForcibly().waitFor();
        regions(living).forEach(file -> assertThat(file.toFile().delete()).isTrue());
      }
    }
  }
}
