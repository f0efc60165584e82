package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.fabric.Fabrics;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads in memory that belongs to arenas: the application's, and the wire's own. */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ForeignMemoryTest {
  private static final int LONG_BYTES = 1 << 20;
  private static final int FIRST_JDK = 22;

  @TempDir Path directory;
  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void stopPool() {
    pool.shutdownNow();
  }

  private static Channel open(TestGang gang, int rank, String wire) {
    if (!wire.equals("zmq")) {
      Fabrics.library();
    }
    ChannelOptions options = ChannelContract.FAST.withEncryption(Encryption.OFF).withWire(wire);
    return gang.track(Channel.open(gang.membership(rank), options));
  }

  /** By reflection: the tests are compiled for a JDK without arenas. */
  private static ByteBuffer allocate(String kindOfArena, int lengthBytes) throws Exception {
    Class<?> type = Class.forName("java.lang.foreign.Arena");
    Object arena = type.getMethod(kindOfArena).invoke(null);
    Object segment =
        type.getMethod("allocate", long.class, long.class).invoke(arena, (long) lengthBytes, 64L);
    return (ByteBuffer)
        Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer").invoke(segment);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zmq", "fabric:shm", "fabric:tcp"})
  void shouldRefuseLongPayloadAtOnceWhenOnlyItsThreadMayReadIt(String wire) throws Exception {
    assumeTrue(Runtime.version().feature() >= FIRST_JDK, "arenas need JDK " + FIRST_JDK);
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      WorkSource work = open(gang, 0, wire).workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer = open(gang, 1, wire).workConsumer("items", 0, Credit.DEFAULT);
      ByteBuffer confined = allocate("ofConfined", LONG_BYTES);
      assertThatThrownBy(() -> work.put(ItemKey.of("a"), confined, WAIT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "payload of a lies in memory that the channel's thread may not read: that of a"
                  + " confined arena, or freed; use a shared arena or channel.buffers()");
      work.put(ItemKey.of("a"), allocate("ofShared", LONG_BYTES), WAIT);
      work.put(ItemKey.of("short"), allocate("ofConfined", 64), WAIT);
      assertThat(consumer.take(WAIT).orElseThrow().payload().remaining()).isEqualTo(LONG_BYTES);
      assertThat(consumer.take(WAIT).orElseThrow().payload().remaining()).isEqualTo(64);
    }
  }

  private static long ownFilesOfShm() throws Exception {
    String pid = ProcessHandle.current().pid() + ":";
    try (var files = Files.list(Path.of("/dev/shm"))) {
      return files.filter(f -> f.getFileName().toString().contains(pid)).count();
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenClosedWhileAPayloadIsBeingWritten() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 2)) {
      Channel source = open(gang, 0, "fabric:shm");
      Channel sink = open(gang, 1, "fabric:shm");
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer = sink.workConsumer("items", 0, Credit.DEFAULT);
      work.put(ItemKey.of("a"), ByteBuffer.allocateDirect(LONG_BYTES), WAIT);
      ByteBuffer payload = consumer.take(WAIT).orElseThrow().payload();
      Pipe pipe = Pipe.open();
      Future<Integer> written = pool.submit(() -> pipe.sink().write(payload.duplicate()));
      assertThat(pipe.source().read(ByteBuffer.allocate(1))).as("it has begun").isOne();
      sink.close();
      source.close();
      assertThat(ownFilesOfShm()).isZero();
      assertThat(written).isNotDone();
      ByteBuffer rest = ByteBuffer.allocate(LONG_BYTES - 1);
      while (rest.hasRemaining() && pipe.source().read(rest) >= 0) {}
      assertThat(written.get()).isEqualTo(LONG_BYTES);
      await()
          .atMost(WAIT)
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> payload.get(0))
                      .isInstanceOf(IllegalStateException.class));
      pipe.sink().close();
      pipe.source().close();
    }
  }
}
