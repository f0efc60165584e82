package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nfspawn.transport.fabric.Fabrics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Where encryption is required, a fabric carries long payloads sealed, and says what that costs.
 */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SealedFabricTest {
  private static final int PIECE_BYTES = 64 << 10;

  private final Logger choice = (Logger) LoggerFactory.getLogger(WireChoice.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  @TempDir Path directory;

  @BeforeEach
  void listen() {
    Fabrics.library();
    choice.setLevel(Level.INFO);
    choice.addAppender(logged);
    logged.start();
  }

  @AfterEach
  void stopListening() {
    choice.detachAppender(logged);
    choice.setLevel(null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fabric:shm", "fabric:tcp"})
  void shouldCarryLongPayloadsSealedWhenEncryptionIsRequired(String wire) throws Exception {
    ChannelOptions options =
        ChannelOptions.defaults()
            .withWire(wire)
            .withEncryption(Encryption.REQUIRED)
            .withWarmUpFrames(0);
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      WorkSource work =
          gang.track(Channel.open(gang.membership(0), options))
              .workSource("items", SourceOptions.to(Set.of(1)));
      WorkConsumer consumer =
          gang.track(Channel.open(gang.membership(1), options))
              .workConsumer("items", 0, new Credit(2, 32L << 20));
      for (int lengthBytes :
          List.of(0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 1 << 20, 5_000_001)) {
        ByteBuffer payload = payload(lengthBytes);
        work.put(ItemKey.of("size-" + lengthBytes), payload.duplicate(), WAIT);
        Delivery delivery = consumer.take(WAIT).orElseThrow();
        assertThat(delivery.payload()).as("%d bytes", lengthBytes).isEqualTo(payload);
        assertThat(delivery.payload().isDirect())
            .as("%d bytes were read out of their sender's memory", lengthBytes)
            .isEqualTo(lengthBytes >= PIECE_BYTES - 1);
        delivery.ack();
      }
      work.finish(WAIT);
    }
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.startsWith("event=fabric_encrypted"))
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("event=fabric_encrypted wire=" + wire)
                    .contains(" cipher=AES-256-GCM cost=\"each side seals or opens every"));
  }

  private static ByteBuffer payload(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    new Random(lengthBytes).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
