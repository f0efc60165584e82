package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.fabric.Fabrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Consumers that read long items out of this process's memory are killed or stopped in the middle
 * of it: this process neither crashes nor hangs, and what they had goes to others, unharmed.
 */
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FabricFaultTest {
  private static final int ITEMS = 60;
  private static final int QUEUED = 16;
  private static final int CREDIT = 8;

  /** What waits, and what each of two consumers has. */
  private static final int MOST_HELD = QUEUED + 2 * CREDIT;

  private static final int ITEM_BYTES = 512 << 10;

  @TempDir Path directory;

  private static ChannelOptions options(String provider) {
    // A loaded machine may keep a process waiting for seconds; that must not look like death.
    return ChannelOptions.defaults()
        .withLiveness(Duration.ofMillis(100), Duration.ofSeconds(6), Duration.ofSeconds(1))
        .withWire("fabric:" + provider)
        .withEncryption(Encryption.OFF);
  }

  /** Takes items whose bytes are all alike and acknowledges those that are. */
  static final class Checker {
    public static void main(String[] args) throws Exception {
      try (Channel channel = Channel.open(Membership.fromEnvironment(), options(args[0]))) {
        WorkConsumer work = channel.workConsumer("items", 0, new Credit(CREDIT, 16L << 20));
        for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
          System.out.println("took " + d.get().key());
          ByteBuffer payload = d.get().payload();
          byte expected = Byte.parseByte(d.get().key().value().replaceAll(".*:", ""));
          while (payload.hasRemaining()) {
            if (payload.get() != expected) {
              throw new IllegalStateException("item " + d.get().key() + " is torn");
            }
          }
          d.get().ack();
        }
      }
    }
  }

  private String errors(int rank) {
    try {
      return Files.readString(directory.resolve("rank" + rank + ".err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @BeforeEach
  void needLibfabric() {
    Fabrics.library();
  }

  @ParameterizedTest
  @CsvSource({"shm,-KILL", "tcp,-KILL", "shm,-STOP"})
  void shouldCarryOnWhenAReaderIsKilledOrStopped(String provider, String signal) throws Exception {
    long seed = Long.getLong("spawn.seed", 20261121L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    long victimPid = 0;
    try (TestGang gang = new TestGang(directory, 3, 1)) {
      Channel source = gang.track(Channel.open(gang.membership(0), options(provider)));
      WorkSource work =
          source.workSource(
              "items", SourceOptions.to(Set.of(1, 2)).withQueue(new Credit(QUEUED, 16L << 20)));
      Process victim = TestProcess.start(gang, 1, Checker.class, directory, provider);
      victimPid = victim.pid();
      Process heir = null;
      try {
        int fault = 8 + random.nextInt(30);
        for (int i = 0; i < ITEMS; i++) {
          if (i == 4) {
            // Who has taken something is connected, and its death is noticed.
            int first = victim.getInputStream().read();
            assertThat(first)
                .as(() -> "exit " + victim.exitValue() + "\n" + errors(1))
                .isEqualTo('t');
            heir = TestProcess.start(gang, 2, Checker.class, directory, provider);
          } else if (i == fault) {
            TestProcess.signal(victim, signal);
          }
          byte value = (byte) (i % 100);
          ByteBuffer payload = ByteBuffer.allocateDirect(ITEM_BYTES);
          while (payload.hasRemaining()) {
            payload.put(value);
          }
          work.put(ItemKey.of(i + ":" + value), payload.flip(), WAIT);
          assertThat(work.unacknowledged()).as("memory is bounded").isLessThanOrEqualTo(MOST_HELD);
        }
        work.finish(WAIT);
        assertThat(work.unacknowledged()).isZero();
        assertThat(work.redelivered()).isLessThanOrEqualTo(QUEUED);
        assertThat(heir.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(heir.exitValue()).as(() -> errors(2)).isZero();
      } finally {
        victim.destroyForcibly().waitFor();
        if (heir != null) {
          heir.destroyForcibly().waitFor();
        }
      }
    }
    assertThat(Path.of("/dev/shm/" + victimPid + ":0:0")).doesNotExist();
  }
}
