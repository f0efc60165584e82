package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What a run says of its channels' encryption, and members that were told different things. */
@Timeout(120)
class EncryptionSettingTest {
  private static final ChannelOptions IMPATIENT =
      ChannelContract.FAST.withJoinTimeout(Duration.ofMillis(700));

  @TempDir Path directory;

  private static Encryption told(String value) {
    return ChannelOptions.fromEnvironment(Map.of("SPAWN_CHANNEL_ENCRYPTION", value)).encryption();
  }

  @Test
  void shouldTakeWhatTheRunSaysAndAuthenticateWhenItSaysNothing() {
    assertThat(told("required")).isEqualTo(Encryption.REQUIRED);
    assertThat(told("authenticate")).isEqualTo(Encryption.AUTHENTICATE);
    assertThat(told("off")).isEqualTo(Encryption.OFF);
    assertThat(told("")).isEqualTo(Encryption.AUTHENTICATE);
    assertThat(ChannelOptions.fromEnvironment(Map.of())).isEqualTo(ChannelOptions.defaults());
  }

  @Test
  void shouldNameVariableAndWhatItMayHoldWhenItHoldsAnythingElse() {
    assertThatThrownBy(() -> told("none"))
        .isInstanceOf(MembershipException.class)
        .hasMessage(
            "SPAWN_CHANNEL_ENCRYPTION: is 'none', expected required, authenticate or off;"
                + " spawn.channel.encryption sets it for every member");
  }

  @ParameterizedTest
  @CsvSource({
    "zmq, AUTHENTICATE, OFF, 'in clear there, sealed here'",
    "zmq, OFF, REQUIRED, 'sealed there, in clear here'",
    "fabric:shm, REQUIRED, OFF, 'in clear there, sealed here'",
    "fabric:shm, OFF, AUTHENTICATE, 'sealed there, in clear here'"
  })
  void shouldSayAtBothEndsThatMembersDifferWhenTheyDo(
      String wire, Encryption accepting, Encryption dialling, String difference) throws Exception {
    assumeTrue(wire.equals("zmq") || Libfabric.probe().isAvailable(), Libfabric.probe().absence());
    List<ChannelEvent> events = new CopyOnWriteArrayList<>();
    try (TestGang gang = new TestGang(directory, 2, 1);
        Channel here =
            Channel.open(gang.membership(0), IMPATIENT.withWire(wire).withEncryption(accepting));
        Channel there =
            Channel.open(gang.membership(1), IMPATIENT.withWire(wire).withEncryption(dialling))) {
      here.onEvent(events::add);
      WorkConsumer consumer = there.workConsumer("items", 0, Credit.DEFAULT);
      WorkSource source = here.workSource("items", SourceOptions.to(Set.of(1)));
      assertThatThrownBy(() -> consumer.take(WAIT))
          .isInstanceOf(PeerLostException.class)
          .hasMessageContaining("SPAWN_EPOCH and encryption the same?");
      await()
          .atMost(WAIT)
          .untilAsserted(
              () ->
                  assertThat(events)
                      .filteredOn(event -> event instanceof ChannelEvent.StrangerRefused)
                      .anyMatch(
                          event ->
                              event
                                  .toString()
                                  .contains(
                                      "frames "
                                          + difference
                                          + ": set the same encryption for all")));
      source.close();
    }
  }

  @Test
  void shouldWarnThatAnybodyCanReadWhenItIsOff() throws Exception {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Logger log = (Logger) LoggerFactory.getLogger(WireChoice.class);
    log.addAppender(logged);
    logged.start();
    try (TestGang gang = new TestGang(directory, 1, 2)) {
      ChannelOptions options = ChannelContract.FAST.withWire("zmq");
      Channel.open(gang.membership(0), options).close();
      assertThat(logged.list).noneMatch(line -> line.getMessage().contains("in_clear"));
      Channel.open(gang.membership(0), options.withEncryption(Encryption.OFF)).close();
      assertThat(logged.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .contains(
              "event=channel_in_clear gang=gang-2 rank=0 wire=zmq reason=\"encryption is off:"
                  + " whoever can reach the gang's network can read and change what travels\"");
    } finally {
      log.detachAppender(logged);
    }
  }
}
