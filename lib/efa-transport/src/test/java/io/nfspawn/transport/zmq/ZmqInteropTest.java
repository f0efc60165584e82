package io.nfspawn.transport.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Another implementation of ZMTP, JeroMQ, at the other end of a connection. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmqInteropTest {
  private static final int LONGEST_BYTES = 70_000;
  private static final int[] LENGTHS = {0, 1, 254, 255, 256, 65_536, LONGEST_BYTES};

  private final List<byte[]> frames = new ArrayList<>();
  private final List<Wire.Link> links = new ArrayList<>();
  private final List<Wire.Link> down = new ArrayList<>();
  private long nudgedNanos = System.nanoTime();
  private final Wire.Receiver receiver =
      new Wire.Receiver() {
        @Override
        public void onFrame(Wire.Link from, Frame frame) {
          links.add(from);
          frames.add(frame.copy());
        }

        @Override
        public void onLinkDown(Wire.Link link) {
          down.add(link);
        }
      };

  /** JeroMQ forgets a fresh connection until it looks at all of them: when another is added. */
  private void turnUntil(ZmqWire wire, Runnable other, BooleanSupplier done) {
    while (!done.getAsBoolean()) {
      other.run();
      if (wire.poll(receiver, 100) == 0) {
        wire.park(10_000_000);
      }
    }
  }

  private void nudge(ZContext context, String endpoint) {
    if (System.nanoTime() - nudgedNanos < 20_000_000) {
      return;
    }
    nudgedNanos = System.nanoTime();
    ZMQ.Socket passerBy = context.createSocket(SocketType.DEALER);
    passerBy.connect(endpoint);
    passerBy.close();
  }

  private static byte[] content(int lengthBytes) {
    byte[] content = new byte[lengthBytes];
    Arrays.fill(content, (byte) lengthBytes);
    return content;
  }

  @Test
  void shouldCarryFramesOfADealerThatShowsItsTicket() {
    try (ZmqWire wire = new ZmqWire(LONGEST_BYTES);
        ZContext context = new ZContext()) {
      List<String> shown = new ArrayList<>();
      wire.guard((ticket, from) -> shown.add(new String(ticket, StandardCharsets.US_ASCII) + from));
      String endpoint = wire.bind("127.0.0.1");
      ZMQ.Socket dealer = context.createSocket(SocketType.DEALER);
      dealer.setLinger(0);
      dealer.setPlainUsername("tdGlj");
      dealer.setPlainPassword("ta2V0");
      dealer.setHeartbeatIvl(20);
      dealer.setHeartbeatTimeout(5000);
      dealer.connect(endpoint);
      for (int length : LENGTHS) {
        assertThat(dealer.send(content(length))).isTrue();
      }
      dealer.sendMore("one");
      dealer.send("two");
      turnUntil(wire, () -> nudge(context, endpoint), () -> frames.size() == LENGTHS.length + 1);
      assertThat(shown).hasSize(1).first().asString().startsWith("ticket127.0.0.1:");
      assertThat(links).allMatch(links.get(0)::equals);
      assertThat(links.get(0).describe()).startsWith("127.0.0.1:");
      expectContents();
      assertThat(frames.get(LENGTHS.length)).as("a message in parts").isEmpty();
      for (int length : LENGTHS) {
        assertThat(wire.send(links.get(0), content(length))).isEqualTo(Wire.Sent.ACCEPTED);
      }
      expectAnswers(wire, dealer);
      dealer.close();
      turnUntil(wire, () -> {}, () -> !down.isEmpty());
      assertThat(down).containsExactly(links.get(0));
      assertThat(wire.send(links.get(0), new byte[1])).isEqualTo(Wire.Sent.UNREACHABLE);
    }
  }

  private void expectContents() {
    for (int i = 0; i < LENGTHS.length; i++) {
      assertThat(frames.get(i)).isEqualTo(content(LENGTHS[i]));
    }
  }

  private void expectAnswers(ZmqWire wire, ZMQ.Socket socket) {
    List<byte[]> answers = new ArrayList<>();
    turnUntil(
        wire,
        () -> {
          byte[] answer = socket.recv(ZMQ.DONTWAIT);
          if (answer != null) {
            answers.add(answer);
          }
        },
        () -> answers.size() == LENGTHS.length);
    for (int i = 0; i < LENGTHS.length; i++) {
      assertThat(answers.get(i)).isEqualTo(content(LENGTHS[i]));
    }
  }

  @Test
  void shouldCarryFramesToARouterItDials() {
    try (ZmqWire wire = new ZmqWire(LONGEST_BYTES);
        ZContext context = new ZContext()) {
      ZMQ.Socket router = context.createSocket(SocketType.ROUTER);
      router.setLinger(0);
      router.setPlainServer(true);
      int port = router.bindToRandomPort("tcp://127.0.0.1");
      Wire.Link link = wire.dial("tcp://127.0.0.1:" + port, new byte[96]);
      assertThat(wire.send(link, content(300))).isEqualTo(Wire.Sent.ACCEPTED);
      List<byte[]> got = new ArrayList<>();
      turnUntil(
          wire,
          () -> {
            nudge(context, "tcp://127.0.0.1:" + port);
            byte[] part = router.recv(ZMQ.DONTWAIT);
            if (part != null) {
              got.add(part);
            }
          },
          () -> got.size() == 2);
      assertThat(got.get(1)).isEqualTo(content(300));
      for (int length : LENGTHS) {
        router.sendMore(got.get(0));
        router.send(content(length));
      }
      turnUntil(wire, () -> {}, () -> frames.size() == LENGTHS.length);
      expectContents();
      assertThat(links).allMatch(link::equals);
      router.close();
      turnUntil(wire, () -> {}, () -> !down.isEmpty());
      assertThat(down).containsExactly(link);
    }
  }

  @Test
  void shouldRefuseADealerWithoutPlainOrTicket() {
    try (ZmqWire wire = new ZmqWire(LONGEST_BYTES);
        ZContext context = new ZContext()) {
      List<byte[]> shown = new ArrayList<>();
      wire.guard(
          (ticket, from) -> {
            shown.add(ticket);
            return false;
          });
      String endpoint = wire.bind("127.0.0.1");
      ZMQ.Socket ticketless = context.createSocket(SocketType.DEALER);
      ticketless.setLinger(0);
      ticketless.setPlainUsername("no body");
      ticketless.setPlainPassword("nothing");
      ZMQ.Socket plainless = context.createSocket(SocketType.DEALER);
      plainless.setLinger(0);
      for (ZMQ.Socket socket : List.of(ticketless, plainless)) {
        socket.connect(endpoint);
        assertThat(socket.send("hello")).isTrue();
      }
      turnUntil(wire, () -> nudge(context, endpoint), () -> !shown.isEmpty());
      assertThat(shown).as("what is no base64 is no ticket").first().isEqualTo(new byte[0]);
      assertThat(frames).isEmpty();
      assertThat(down).isEmpty();
    }
  }
}
