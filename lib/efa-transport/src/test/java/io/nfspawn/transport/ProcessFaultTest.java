package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Consumers in processes of their own, ended and stopped by signals. */
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ProcessFaultTest {
  private static final int ITEMS = 60;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path directory;

  /** A consumer that takes one item and keeps it. */
  static final class Hoarder {
    public static void main(String[] args) throws Exception {
      try (Channel channel = Channel.open(Membership.fromEnvironment(), ChannelContract.FAST)) {
        WorkConsumer work = channel.workConsumer("items", 0, new Credit(8, 1 << 20));
        Delivery first = work.take(WAIT).orElseThrow();
        System.out.println("took " + first.key());
        // Until the signal; what is taken after a stop is acknowledged like anywhere.
        for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
          if (args.length > 0) {
            d.get().ack();
          }
        }
      }
    }
  }

  private static void awaitFirst(Process process) throws Exception {
    byte[] line = new byte[4];
    assertThat(process.getInputStream().readNBytes(line, 0, 4)).isEqualTo(4);
  }

  private void runWith(String signal) throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 1)) {
      Channel source = gang.track(Channel.open(gang.membership(0), ChannelContract.FAST));
      WorkSource work =
          source.workSource(
              "items", SourceOptions.to(Set.of(1, 2)).withQueue(new Credit(8, 1 << 20)));
      Process victim = TestProcess.start(gang, 1, Hoarder.class, directory);
      try {
        for (int i = 0; i < 8; i++) {
          work.put(ItemKey.of("k" + i), ByteBuffer.allocate(10_000), WAIT);
        }
        awaitFirst(victim);
        TestProcess.signal(victim, signal);
        // What is offered meanwhile is bounded by the queue, not by the memory there is.
        int offered = 8;
        while (work.offer(ItemKey.of("k" + offered), ByteBuffer.allocate(10_000))
            == Offer.ACCEPTED) {
          offered++;
        }
        assertThat(offered).isLessThanOrEqualTo(8 + 8);
        int next = offered;
        Channel other = gang.track(Channel.open(gang.membership(2), ChannelContract.FAST));
        WorkConsumer consumer = other.workConsumer("items", 0, new Credit(4, 1 << 20));
        long start = System.nanoTime();
        Thread putting =
            new Thread(
                () -> {
                  try {
                    for (int i = next; i < ITEMS; i++) {
                      work.put(ItemKey.of("k" + i), ByteBuffer.allocate(10_000), WAIT);
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
        putting.start();
        for (int i = 0; i < ITEMS; i++) {
          consumer.take(WAIT).orElseThrow().ack();
        }
        putting.join();
        work.finish(WAIT);
        assertThat(work.redelivered()).isGreaterThanOrEqualTo(8);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isLessThan(Boolean.getBoolean("spawn.quiet") ? LIMIT : LIMIT.multipliedBy(4));
        TestProcess.signal(victim, "-CONT");
      } finally {
        victim.destroyForcibly();
        await().atMost(WAIT).until(() -> !victim.isAlive());
      }
    }
  }

  @Test
  void shouldHandOutAgainWhenConsumerIsKilledBySignal() throws Exception {
    runWith("-KILL");
  }

  @Test
  void shouldCarryOnWithOthersWhenConsumerIsStopped() throws Exception {
    runWith("-STOP");
  }
}
