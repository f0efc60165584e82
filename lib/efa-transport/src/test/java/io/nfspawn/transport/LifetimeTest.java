package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a channel takes, it gives back. */
@Tag("long")
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
        .filter(n -> n.startsWith("spawn-channel"))
        .count();
  }

  @Test
  void shouldLeakNeitherThreadsNorFilesWhenBothSidesComeAndGo() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      expectNoGrowth(Boolean.getBoolean("spawn.soak") ? 1000 : 15, () -> bothSides(gang));
    }
  }

  @Test
  void shouldLeakNeitherThreadsNorFilesWhenOneSideComesAndGoes() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 2)) {
      Channel zero = gang.track(Channel.open(gang.membership(0), ChannelContract.FAST));
      // Rank 2 never comes, but for its sake the source goes on when rank 1 has left.
      WorkSource work = zero.workSource("items", SourceOptions.to(Set.of(1, 2)));
      AtomicInteger next = new AtomicInteger();
      expectNoGrowth(
          Boolean.getBoolean("spawn.soak") ? 10_000 : 30,
          () -> {
            try (Channel one = Channel.open(gang.membership(1), ChannelContract.FAST)) {
              carryOne(work, one, next.incrementAndGet());
            }
          });
    }
  }

  private interface Cycle {
    void run() throws Exception;
  }

  private static void expectNoGrowth(int cycles, Cycle cycle) throws Exception {
    cycle.run();
    long filesBefore = openFiles();
    long threadsBefore = channelThreads();
    for (int i = 0; i < cycles; i++) {
      cycle.run();
    }
    await().atMost(WAIT).until(() -> channelThreads() <= threadsBefore);
    await().atMost(WAIT).until(() -> openFiles() <= filesBefore + 4);
  }

  private static void bothSides(TestGang gang) throws Exception {
    try (Channel zero = Channel.open(gang.membership(0), ChannelContract.FAST);
        Channel one = Channel.open(gang.membership(1), ChannelContract.FAST)) {
      WorkSource work = zero.workSource("items", SourceOptions.to(Set.of(1)));
      carryOne(work, one, 1);
      work.finish(WAIT);
    }
  }

  private static void carryOne(WorkSource work, Channel to, int number) throws Exception {
    WorkConsumer consumer = to.workConsumer("items", 0, Credit.DEFAULT);
    work.put(ItemKey.of("k" + number), ByteBuffer.allocate(100), WAIT);
    consumer.take(WAIT).orElseThrow().ack();
    await().pollInterval(Duration.ofMillis(1)).until(() -> work.unacknowledged() == 0);
  }
}
