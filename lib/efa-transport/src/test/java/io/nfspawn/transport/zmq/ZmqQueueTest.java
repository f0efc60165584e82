package io.nfspawn.transport.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** What a link's queue holds while nobody takes anything out of it. */
class ZmqQueueTest {
  private static final int LONGEST_BYTES = 66_000;

  @Test
  void shouldHoldAFewFramesWhenTheyAreLong() throws IOException {
    assertThat(acceptedByAPeerThatDoesNotAnswer(LONGEST_BYTES)).isEqualTo(3);
  }

  @Test
  void shouldHoldManyFramesWhenTheyAreShort() throws IOException {
    assertThat(acceptedByAPeerThatDoesNotAnswer(100)).isBetween(2000, 3000);
  }

  private static int acceptedByAPeerThatDoesNotAnswer(int frameBytes) throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ZmqWire wire = new ZmqWire(LONGEST_BYTES)) {
      Wire.Link link = wire.dial("tcp://127.0.0.1:" + silent.getLocalPort());
      int accepted = 0;
      while (accepted < 10_000 && wire.send(link, new byte[frameBytes]) == Wire.Sent.ACCEPTED) {
        accepted++;
      }
      assertThat(wire.send(link, new byte[frameBytes])).isEqualTo(Wire.Sent.BACK_PRESSURE);
      return accepted;
    }
  }
}
