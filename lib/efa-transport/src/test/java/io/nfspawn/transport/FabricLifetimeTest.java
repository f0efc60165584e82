package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.transport.fabric.Fabrics;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints, regions, files and memory go when the channel does. */
class FabricLifetimeTest {
  private static final long GROWTH_KILOBYTES = 64 << 10;

  @TempDir Path directory;

  @BeforeEach
  void needLibfabric() {
    Fabrics.library();
  }

  private static long openFiles() throws Exception {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  private static long residentKilobytes() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new AssertionError("no VmRSS");
  }

  private static long ownRegions() throws Exception {
    String prefix = ProcessHandle.current().pid() + ":";
    try (var files = Files.list(Path.of("/dev/shm"))) {
      return files.filter(f -> f.getFileName().toString().startsWith(prefix)).count();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp"})
  void shouldGiveEverythingBack(String provider) throws Exception {
    boolean soak = Boolean.getBoolean("spawn.soak");
    int cycles = !soak ? 12 : provider.equals("shm") ? 10_000 : 1000;
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      for (int i = 0; i < (soak ? 500 : 2); i++) {
        cycle(gang, provider);
      }
      long files = openFiles();
      long resident = residentKilobytes();
      for (int i = 0; i < cycles; i++) {
        cycle(gang, provider);
      }
      await().atMost(WAIT).until(() -> openFiles() <= files + 4);
      assertThat(ownRegions()).isZero();
      if (soak) {
        // A dozen cycles say nothing: the heap alone grows by more.
        assertThat(residentKilobytes() - resident).isLessThan(GROWTH_KILOBYTES);
      }
    }
  }

  private static void cycle(TestGang gang, String provider) throws Exception {
    ChannelOptions options = ChannelContract.FAST.withWire("fabric:" + provider);
    try (Channel zero = Channel.open(gang.membership(0), options);
        Channel one =
            Channel.open(gang.membership(1), options.withEncryption(Encryption.AUTHENTICATE))) {
      WorkSource work = zero.workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer = one.workConsumer("items", 0, Credit.DEFAULT);
      RegisteredBuffer buffer = zero.buffers().tryAcquire(100_000);
      work.offer(ItemKey.of("a"), buffer);
      work.put(ItemKey.of("b"), ByteBuffer.allocate(100_000), WAIT);
      consumer.take(WAIT).orElseThrow().ack();
      consumer.take(WAIT).orElseThrow().ack();
      await().pollInterval(Duration.ofMillis(1)).until(() -> work.unacknowledged() == 0);
      work.finish(WAIT);
      await().pollInterval(Duration.ofMillis(1)).until(() -> zero.buffers().inUseBytes() == 0);
    }
  }
}
