package io.nfspawn.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.Level;

class AgentLoggerTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Logger logger(Level lowest) {
    return new AgentLogger(
        "io.nfspawn.x", lowest, new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void shouldWriteTimeLevelThreadAndMessageWhenTheLevelIsOn() {
    logger(Level.INFO).info("event=x a={} b=\"{}\"", 1, "two");

    assertThat(written())
        .matches(
            "[0-2]\\d:[0-5]\\d:[0-5]\\d\\.\\d{3} INFO  \\["
                + Thread.currentThread().getName()
                + "] event=x a=1 b=\"two\"\n");
  }

  @Test
  void shouldWriteNothingWhenTheLevelIsOff() {
    Logger logger = logger(Level.WARN);
    logger.info("no");
    logger.debug("no {}", 1);

    assertThat(written()).isEmpty();
    assertThat(logger.isWarnEnabled()).isTrue();
  }

  @Test
  void shouldWriteTheStackWhenThereIsACause() {
    logger(Level.WARN).error("event=y reason=\"{}\"", "z", new IOException("why"));

    assertThat(written())
        .contains("ERROR [")
        .contains("event=y reason=\"z\"\njava.io.IOException: why\n\tat ");
  }

  @Test
  void shouldKeepOtherLibrariesAtWarningsWhenOursInform() {
    var provider = new AgentLogProvider();
    assertThat(provider.getLogger("io.nfspawn.agent.NodeAgent").isInfoEnabled()).isTrue();
    assertThat(provider.getLogger("io.grpc.netty.X").isInfoEnabled()).isFalse();
    assertThat(provider.getLogger("io.grpc.netty.X").isWarnEnabled()).isTrue();
  }
}
