package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tethers that strangers open by hand, beside that of a link. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TethersTest {
  private static final long LIMIT_NANOS = 30_000_000_000L;
  private static final long LINKED = 7;

  private final List<Socket> sockets = new ArrayList<>();
  private final List<Long> broken = new ArrayList<>();
  private final long start = System.nanoTime();
  private long laterNanos;

  @AfterEach
  void hangUp() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static Tethers tethers() {
    return new Tethers("127.0.0.1", number -> number == LINKED);
  }

  /** A connection that says for which link it is. */
  private Socket tie(Tethers to, long number) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
    socket.setSoTimeout(1);
    socket.getOutputStream().write(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    sockets.add(socket);
    poll(to);
    return socket;
  }

  private void poll(Tethers tethers) {
    tethers.poll(
        start + laterNanos,
        number -> {
          throw new AssertionError("nothing was dialled");
        },
        broken::add);
  }

  private void until(Tethers tethers, BooleanSupplier done) {
    for (long end = System.nanoTime() + LIMIT_NANOS; !done.getAsBoolean(); poll(tethers)) {
      assertThat(System.nanoTime()).isLessThan(end);
    }
  }

  private static boolean isOver(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void shouldEndEldestWhenThereAreTooManyOfNoLink() throws Exception {
    try (Tethers tethers = tethers()) {
      Socket linked = tie(tethers, LINKED);
      Socket eldest = tie(tethers, 100);
      for (int i = 1; i <= Tethers.MOST_LOOSE; i++) {
        tie(tethers, 100 + i);
      }
      until(tethers, () -> isOver(eldest));
      assertThat(isOver(linked)).isFalse();
      assertThat(isOver(sockets.get(sockets.size() - 1))).isFalse();
      assertThat(broken).isEmpty();
      linked.close();
      until(tethers, () -> broken.contains(LINKED));
    }
  }

  @Test
  void shouldEndTetherWhoseLinkDoesNotCome() throws Exception {
    try (Tethers tethers = tethers()) {
      Socket linked = tie(tethers, LINKED);
      Socket stranger = tie(tethers, 100);
      Socket silent = new Socket(InetAddress.getLoopbackAddress(), tethers.port());
      silent.setSoTimeout(1);
      sockets.add(silent);
      // All that came before the last was accepted before.
      Socket last = tie(tethers, 101);
      last.close();
      until(tethers, () -> broken.contains(101L));
      assertThat(isOver(stranger)).isFalse();
      laterNanos = TimeUnit.SECONDS.toNanos(Tethers.LONGEST_LOOSE_SECONDS);
      until(tethers, () -> isOver(stranger) && isOver(silent));
      assertThat(isOver(linked)).isFalse();
    }
  }

  @Test
  void shouldNotBreakLinkWhenStrangerUsesItsNumber() throws Exception {
    try (Tethers tethers = tethers()) {
      Socket linked = tie(tethers, LINKED);
      Socket stranger = tie(tethers, LINKED);
      until(tethers, () -> isOver(stranger));
      assertThat(broken).isEmpty();
      assertThat(isOver(linked)).isFalse();
    }
  }

  /** A process that may open no more files. */
  private static final class FullPort extends TetherPort {
    private int refusals = 2;
    private int asked;

    FullPort() {
      super("127.0.0.1");
    }

    @Override
    @Nullable SocketChannel next() throws IOException {
      asked++;
      if (refusals > 0) {
        refusals--;
        throw new IOException("Too many open files");
      }
      return super.next();
    }
  }

  @Test
  void shouldPauseWhenNoMoreFilesCanBeOpened() throws Exception {
    FullPort port = new FullPort();
    try (Tethers tethers = new Tethers(port, number -> true)) {
      Socket waiting = tie(tethers, LINKED);
      until(tethers, () -> port.asked == 1);
      for (int i = 0; i < 100; i++) {
        poll(tethers);
      }
      assertThat(port.asked).as("asked while it pauses").isEqualTo(1);
      laterNanos = 100_000_000;
      until(tethers, () -> port.asked == 2);
      laterNanos = 200_000_000;
      until(tethers, () -> port.asked > 2);
      waiting.close();
      until(tethers, () -> broken.contains(LINKED));
    }
  }
}
