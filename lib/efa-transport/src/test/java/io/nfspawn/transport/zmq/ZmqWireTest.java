package io.nfspawn.transport.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two wires stepped by one thread, and sockets that hold to nothing. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZmqWireTest {
  private static final int LONGEST_BYTES = 70_000;

  private final AtomicLong nanos = new AtomicLong(1);
  private final ZmqWire dialler = new ZmqWire(LONGEST_BYTES, nanos::get);
  private final ZmqWire listener = new ZmqWire(LONGEST_BYTES, nanos::get);
  private final Heard atDialler = new Heard();
  private final Heard atListener = new Heard();

  /** What arrived at one side. */
  private static final class Heard implements Wire.Receiver {
    final List<byte[]> frames = new ArrayList<>();
    final List<Wire.Link> down = new ArrayList<>();
    Wire.@Nullable Link last;
    int framesAtDown;

    @Override
    public void onFrame(Wire.Link from, Frame frame) {
      last = from;
      frames.add(frame.copy());
    }

    @Override
    public void onLinkDown(Wire.Link link) {
      framesAtDown = frames.size();
      down.add(link);
    }
  }

  @AfterEach
  void close() {
    dialler.close();
    listener.close();
  }

  private void turnUntil(BooleanSupplier done) {
    while (!done.getAsBoolean()) {
      int heard = dialler.poll(atDialler, 10) + listener.poll(atListener, 10);
      nanos.addAndGet(heard == 0 ? 1_000_000 : 0);
      Thread.onSpinWait();
    }
  }

  /** A link that stands; both sides have heard of it. */
  private Wire.Link connect() {
    Wire.Link link = dialler.dial(listener.bind("127.0.0.1"));
    assertThat(dialler.send(link, new byte[1])).isEqualTo(Wire.Sent.ACCEPTED);
    turnUntil(() -> atListener.frames.size() == 1);
    return link;
  }

  private static void sendAll(Wire wire, Wire.Link link, byte[] frame, Runnable meanwhile) {
    Wire.Sent sent = wire.send(link, frame);
    while (sent == Wire.Sent.BACK_PRESSURE) {
      meanwhile.run();
      sent = wire.send(link, frame);
    }
    assertThat(sent).isEqualTo(Wire.Sent.ACCEPTED);
  }

  @Test
  void shouldCarryFramesOfAllLengthsInOrderBothWays() {
    long seed = Long.getLong("spawn.seed", 20261121L);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Wire.Link there = connect();
    Wire.Link back = java.util.Objects.requireNonNull(atListener.last);
    atListener.frames.clear();
    int frames = 3000;
    for (int i = 0; i < frames; i++) {
      byte[] frame = new byte[4 + random.nextInt(random.nextInt(10) == 0 ? 65_000 : 300)];
      ByteBuffer.wrap(frame).putInt(i);
      sendAll(dialler, there, frame, () -> listener.poll(atListener, 7));
      sendAll(listener, back, frame, () -> dialler.poll(atDialler, 7));
    }
    turnUntil(() -> atListener.frames.size() == frames && atDialler.frames.size() == frames);
    for (int i = 0; i < frames; i++) {
      assertThat(ByteBuffer.wrap(atListener.frames.get(i)).getInt()).isEqualTo(i);
      assertThat(atDialler.frames.get(i)).isEqualTo(atListener.frames.get(i));
    }
  }

  @Test
  void shouldHandOverNoMoreThanAskedFor() {
    Wire.Link link = connect();
    for (int i = 0; i < 100; i++) {
      sendAll(dialler, link, new byte[64], () -> {});
    }
    dialler.park(1);
    for (int i = 0; i < 10; ) {
      int handed = listener.poll(atListener, 10);
      assertThat(handed).isIn(0, 10);
      i += handed / 10;
    }
    assertThat(atListener.frames).hasSize(101);
  }

  @Test
  void shouldTellOfABreakAfterAllThatCameBeforeIt() {
    Wire.Link link = connect();
    for (int i = 0; i < 50; i++) {
      sendAll(dialler, link, new byte[1000], () -> {});
    }
    dialler.close(1000);
    while (atListener.down.isEmpty()) {
      listener.poll(atListener, 1);
    }
    assertThat(atListener.framesAtDown).isEqualTo(51);
    assertThat(atListener.down).containsExactly(atListener.last);
    Wire.Link gone = java.util.Objects.requireNonNull(atListener.last);
    assertThat(listener.send(gone, new byte[1])).isEqualTo(Wire.Sent.UNREACHABLE);
  }

  @Test
  void shouldConnectAgainAfterABreakAndTellOfIt() {
    Wire.Link link = connect();
    listener.drop(java.util.Objects.requireNonNull(atListener.last));
    turnUntil(() -> !atDialler.down.isEmpty());
    assertThat(atDialler.down).containsExactly(link);
    assertThat(dialler.send(link, new byte[2])).isEqualTo(Wire.Sent.ACCEPTED);
    turnUntil(() -> atListener.frames.size() == 2);
    dialler.drop(link);
    assertThat(dialler.send(link, new byte[2])).isEqualTo(Wire.Sent.UNREACHABLE);
  }

  @Test
  void shouldWaitForAListenerThatComesLate() throws IOException {
    int port;
    try (Socket holdsThePort = new Socket()) {
      holdsThePort.bind(new InetSocketAddress("127.0.0.1", 0));
      port = holdsThePort.getLocalPort();
      dialler.dial("tcp://127.0.0.1:" + port);
      long end = nanos.get() + 2_000_000_000L;
      turnUntil(() -> nanos.get() > end);
      assertThat(atDialler.down).as("nobody was there").isEmpty();
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress("127.0.0.1", port));
      long late = nanos.get() + 600_000_000;
      turnUntil(() -> nanos.get() > late);
      try (Socket accepted = socket.accept()) {
        assertThat(accepted.getInputStream().readNBytes(64)).startsWith(0xFF).hasSize(64);
      }
      turnUntil(() -> !atDialler.down.isEmpty());
    }
  }

  @Test
  void shouldHangUpOnWhoIsSilentForAMinute() {
    Wire.Link link = connect();
    long minute = nanos.get() + 59_000_000_000L;
    while (nanos.get() < minute) {
      nanos.addAndGet(100_000_000);
      dialler.poll(atDialler, 10);
    }
    assertThat(atDialler.down).isEmpty();
    while (atDialler.down.isEmpty()) {
      nanos.addAndGet(100_000_000);
      dialler.poll(atDialler, 10);
    }
    assertThat(nanos.get() - minute).isLessThan(8_000_000_000L);
    assertThat(atDialler.down).containsExactly(link);
  }

  @Test
  void shouldNotHangUpOnWhoAnswersPingsNorAfterItStoodStillItself() {
    connect();
    for (int i = 0; i < 2000; i++) {
      nanos.addAndGet(100_000_000);
      dialler.poll(atDialler, 10);
      listener.poll(atListener, 10);
    }
    nanos.addAndGet(600_000_000_000L);
    for (int i = 0; i < 100; i++) {
      dialler.poll(atDialler, 10);
      listener.poll(atListener, 10);
      nanos.addAndGet(10_000_000);
    }
    assertThat(atDialler.down).isEmpty();
    assertThat(atListener.down).isEmpty();
  }

  private Socket stranger(String endpoint) throws IOException {
    URI at = URI.create(endpoint);
    Socket socket = new Socket(at.getHost(), at.getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  @Test
  void shouldHangUpOnWhoShowsNoTicketInTime() throws IOException {
    try (Socket socket = stranger(listener.bind("127.0.0.1"))) {
      long end = nanos.get() + 6_000_000_000L;
      turnUntil(() -> nanos.get() > end);
      assertThat(socket.getInputStream().readAllBytes()).as("our greeting").hasSize(64);
    }
  }

  @Test
  void shouldHoldABoundedNumberOfThoseWithoutTicketAndLetMembersIn() throws IOException {
    String endpoint = listener.bind("127.0.0.1");
    List<Socket> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < Links.MOST_HALF_OPEN + 20; i++) {
        strangers.add(stranger(endpoint));
        listener.poll(atListener, 10);
      }
      Wire.Link member = dialler.dial(endpoint);
      assertThat(dialler.send(member, new byte[5])).isEqualTo(Wire.Sent.ACCEPTED);
      turnUntil(() -> atListener.frames.size() == 1);
      for (int i = 0; i < 20; i++) {
        assertThat(strangers.get(i).getInputStream().readAllBytes()).hasSize(64);
      }
      Socket last = strangers.get(strangers.size() - 1);
      assertThat(last.getInputStream().readNBytes(64)).hasSize(64);
      last.setSoTimeout(50);
      assertThatThrownBy(() -> last.getInputStream().read())
          .as("still open")
          .isInstanceOf(java.net.SocketTimeoutException.class);
    } finally {
      for (Socket socket : strangers) {
        socket.close();
      }
    }
  }

  @Test
  void shouldCutOffWhoSendsTooLongAFrame() {
    try (ZmqWire generous = new ZmqWire(10 * LONGEST_BYTES, nanos::get)) {
      Wire.Link link = generous.dial(listener.bind("127.0.0.1"));
      generous.send(link, new byte[LONGEST_BYTES]);
      generous.send(link, new byte[LONGEST_BYTES + 1]);
      turnUntil(
          () -> {
            generous.poll(atDialler, 10);
            return !atListener.down.isEmpty();
          });
      assertThat(atListener.frames).hasSize(1);
    }
  }

  @Test
  void shouldNotWaitLongerThanAllowedForAPeerThatDoesNotRead() {
    try (ZmqWire wire = new ZmqWire(LONGEST_BYTES)) {
      Wire.Link link = wire.dial(listener.bind("127.0.0.1"));
      wire.send(link, new byte[1]);
      turnUntil(
          () -> {
            wire.poll(atDialler, 10);
            return !atListener.frames.isEmpty();
          });
      for (int refused = 0; refused < 100; ) {
        refused += wire.send(link, new byte[60_000]) == Wire.Sent.BACK_PRESSURE ? 1 : 0;
        wire.park(1);
      }
      long start = System.nanoTime();
      wire.close(100);
      assertThat((System.nanoTime() - start) / 1_000_000).isBetween(90L, 5000L);
      wire.close(100);
    }
  }

  @Test
  void shouldNameAnEndpointThatIsNone() {
    assertThatThrownBy(() -> dialler.dial("udp://127.0.0.1:5"))
        .hasMessage(
            "cannot dial 'udp://127.0.0.1:5': expected tcp://HOST:PORT, see endpoints in"
                + " members.json");
    assertThatThrownBy(() -> dialler.dial("tcp://127.0.0.1:70000")).hasMessageContaining("70000");
    assertThatThrownBy(() -> listener.bind("no.such.host.invalid"))
        .hasMessage(
            "cannot listen on no.such.host.invalid (unknown host); it must be an address of this"
                + " machine, see host in members.json");
  }

  @Test
  void shouldConnectByName() {
    Wire.Link link = dialler.dial(listener.bind("localhost"));
    assertThat(link.describe()).startsWith("tcp://localhost:");
    assertThat(dialler.send(link, new byte[3])).isEqualTo(Wire.Sent.ACCEPTED);
    turnUntil(() -> !atListener.frames.isEmpty());
  }
}
