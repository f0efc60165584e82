package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nfspawn.transport.core.GangChannel;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Inboxes whose items a visitor takes; the example of docs/channel.md. */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DrainTest {
  private static final long SEED = Long.getLong("spawn.seed", 20261121);
  private static final int ATTACH_FROM_BYTES = 4096;
  private static final Credit CREDIT = new Credit(100, 64L << 20);

  @TempDir Path directory;
  private final Random random = new Random(SEED);
  private TestGang gang;
  private Channel source;
  private Channel worker;

  @BeforeEach
  void openChannels() {
    gang = new TestGang(directory, 2, SEED);
    source = open(0);
    worker = open(1);
  }

  @AfterEach
  void closeChannels() throws InterruptedException {
    gang.close();
  }

  private Channel open(int rank) {
    MemoryWire wire = new MemoryWire(MemoryWire.Faults.NONE, ATTACH_FROM_BYTES);
    ChannelOptions options = ChannelOptions.defaults().withEncryption(Encryption.OFF);
    return gang.track(GangChannel.open(gang.membership(rank), options, wire, System::nanoTime));
  }

  private WorkSource source() {
    return source.workSource("items", SourceOptions.to(Set.of(1)).withQueue(CREDIT));
  }

  /** Returns how many payload bytes there were. */
  private static long example(Channel channel, Duration wait) throws InterruptedException {
    // begin
    try (WorkConsumer work = channel.workConsumer("items", 0, new Credit(4096, 16 << 20))) {
      long[] bytes = {0};
      while (work.drain(256, wait, item -> bytes[0] += item.payload().remaining()) > 0) {
        // Those that were visited are acknowledged by now, all with one message.
      }
      return bytes[0];
    }
    // end
  }

  @Test
  void shouldVisitEveryItemOnceAndInOrderWhateverItsLength() throws Exception {
    WorkSource items = source();
    int count = 400;
    byte[][] payloads = new byte[count][];
    WorkConsumer work = worker.workConsumer("items", 0, CREDIT);
    List<String> keys = new ArrayList<>();
    List<Integer> wrong = new ArrayList<>();
    for (int offered = 0; keys.size() < count; ) {
      while (offered < count && offered - keys.size() < 50) {
        payloads[offered] = new byte[random.nextInt(20) == 0 ? 200_000 : random.nextInt(6000)];
        random.nextBytes(payloads[offered]);
        items.put(ItemKey.of("k" + offered), ByteBuffer.wrap(payloads[offered]), WAIT);
        offered++;
      }
      work.drain(
          1 + random.nextInt(30),
          WAIT,
          item -> {
            if (!item.payload().equals(ByteBuffer.wrap(payloads[keys.size()]))) {
              wrong.add(keys.size());
            }
            keys.add(item.key().value());
          });
    }
    assertThat(wrong).as("seed " + SEED).isEmpty();
    assertThat(keys).hasSize(count).doesNotHaveDuplicates().first().isEqualTo("k0");
    assertThat(keys.get(count - 1)).isEqualTo("k" + (count - 1));
    items.finish(WAIT);
    assertThat(work.drain(1, WAIT, item -> keys.add("more"))).isZero();
  }

  @Test
  void shouldGiveWhatAVisitorFailedAtToAThreadThatWaits() throws Exception {
    WorkSource items = source();
    WorkConsumer work = worker.workConsumer("items", 0, CREDIT);
    items.put(ItemKey.of("k0"), ByteBuffer.allocate(10), WAIT);
    CompletableFuture<String> taken = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                taken.complete(work.take(WAIT).orElseThrow().key().value());
              } catch (InterruptedException | RuntimeException e) {
                taken.completeExceptionally(e);
              }
            },
            "test-gang-taker");
    assertThatThrownBy(
            () ->
                work.drain(
                    1,
                    WAIT,
                    item -> {
                      waiting.start();
                      await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
                      throw new IllegalStateException("this one is broken");
                    }))
        .hasMessage("this one is broken");
    assertThat(taken.get(WAIT.toSeconds() / 2, TimeUnit.SECONDS)).isEqualTo("k0");
  }

  @Test
  void shouldKeepItemsFromTheOneItsVisitorFailedAt() throws Exception {
    WorkSource items = source();
    WorkConsumer work = worker.workConsumer("items", 0, CREDIT);
    for (int i = 0; i < 5; i++) {
      items.put(ItemKey.of("k" + i), ByteBuffer.allocate(10), WAIT);
    }
    List<String> visited = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              while (true) {
                work.drain(
                    5,
                    WAIT,
                    item -> {
                      if (item.key().value().equals("k2")) {
                        throw new IllegalStateException("this one is broken");
                      }
                      visited.add(item.key().value());
                    });
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this one is broken");
    await().atMost(WAIT).until(() -> items.unacknowledged() == 3);
    Delivery next = work.take(WAIT).orElseThrow();
    visited.add(next.key().value());
    next.ack();
    while (visited.size() < 5) {
      work.drain(5, WAIT, item -> visited.add(item.key().value()));
    }
    assertThat(visited).containsExactly("k0", "k1", "k2", "k3", "k4");
    items.finish(WAIT);
    assertThat(items.redelivered()).isZero();
  }

  @Test
  void shouldReadAsTheDocumentationSays() throws Exception {
    WorkSource items = source();
    for (int i = 0; i < 50; i++) {
      items.put(ItemKey.of("k" + i), ByteBuffer.allocate(i), WAIT);
    }
    Thread finisher = new Thread(() -> finish(items));
    finisher.start();
    assertThat(example(worker, WAIT)).isEqualTo(50 * 49 / 2);
    finisher.join();
  }

  private static void finish(WorkSource items) {
    try {
      items.finish(WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldStandInTheDocumentation() throws Exception {
    Path root = Path.of(System.getProperty("spawn.root", "../.."));
    String source =
        Files.readString(
            root.resolve("lib/efa-transport/src/test/java/io/nfspawn/transport/DrainTest.java"));
    String begin = "    // begin\n";
    String example =
        source
            .substring(source.indexOf(begin) + begin.length(), source.indexOf("    // end\n"))
            .indent(-4);
    assertThat(Files.readString(root.resolve("docs/channel.md"))).contains(example);
  }

  @Test
  void shouldRefuseLimitBelowOne() throws Exception {
    WorkConsumer work = worker.workConsumer("items", 0, CREDIT);
    assertThatThrownBy(() -> work.drain(0, WAIT, item -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit must be at least 1, got 0");
  }
}
