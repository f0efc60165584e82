package io.nfspawn.transport.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a link's queue holds while nobody takes anything out of it. */
class ZmqQueueTest {
  private static final int LONGEST_BYTES = 66_000;

  @Test
  void shouldHoldBytesForAFewFramesWhenTheyAreLong() throws IOException {
    assertThat(acceptedByAPeerThatDoesNotAnswer(LONGEST_BYTES)).isEqualTo(64);
  }

  @Test
  void shouldHoldManyFramesWhenTheyAreShort() throws IOException {
    assertThat(acceptedByAPeerThatDoesNotAnswer(100)).isBetween(900, 1100);
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

  @Test
  void shouldTellAnInterruptWhenACallGoesOn() throws InterruptedException {
    IoThread.Calls calls = new IoThread.Calls();
    calls.begin();
    AtomicBoolean before = new AtomicBoolean(true);
    AtomicBoolean after = new AtomicBoolean();
    IoThread thread =
        new IoThread(
            () -> {
              for (int turn = 0; turn < 20; turn++) {
                before.set(Thread.currentThread().isInterrupted());
              }
              Thread.currentThread().interrupt();
              after.set(Thread.currentThread().isInterrupted());
            },
            "io",
            calls);
    thread.start();
    thread.join();
    assertThat(before).isFalse();
    assertThat(after).isTrue();
  }
}
