package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a channel takes, it gives back. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class LifetimeTest {
  @TempDir Path directory;

  private static long openFiles() throws Exception {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  private static long channelThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(
            n ->
                n.startsWith("spawn-channel") || n.startsWith("iothread") || n.startsWith("reaper"))
        .count();
  }

  @Test
  void shouldLeakNeitherThreadsNorFiles() throws Exception {
    int cycles = Boolean.getBoolean("spawn.soak") ? 10_000 : 100;
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      cycle(gang);
      long filesBefore = openFiles();
      long threadsBefore = channelThreads();
      for (int i = 0; i < cycles; i++) {
        cycle(gang);
      }
      await().atMost(WAIT).until(() -> channelThreads() <= threadsBefore);
      assertThat(openFiles()).isLessThanOrEqualTo(filesBefore + 4);
    }
  }

  private static void cycle(TestGang gang) throws Exception {
    try (Channel zero = Channel.open(gang.membership(0), ChannelContract.FAST);
        Channel one = Channel.open(gang.membership(1), ChannelContract.FAST)) {
      WorkSource work = zero.workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer = one.workConsumer("items", 0, Credit.DEFAULT);
      work.put(ItemKey.of("a"), ByteBuffer.allocate(100), WAIT);
      consumer.take(WAIT).orElseThrow().ack();
      work.finish(WAIT);
    }
  }
}
