package io.nfspawn.transport.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.wire.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What anybody may send: mutants of right bytes, in pieces. They end in a refusal or are taken. */
class ZmtpFuzzTest {
  private static final int MUTANTS = Boolean.getBoolean("spawn.soak") ? 1_000_000 : 10_000;
  private static final int MOST_FRAME_BYTES = 1000;

  private final long seed = Long.getLong("spawn.seed", 20261121L);
  private final Random random = new Random(seed);
  private final byte[] ticket = new byte[96];

  ZmtpFuzzTest() {
    System.out.println("seed " + seed);
    random.nextBytes(ticket);
  }

  @Test
  void shouldLetInNobodyWithAChangedHandshake() {
    byte[] dialler = said(false);
    byte[] listener = said(true);
    int admitted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      boolean listens = random.nextBoolean();
      byte[] right = listens ? dialler : listener;
      byte[] mutant = random.nextInt(10) == 0 ? right.clone() : mutate(right);
      ZmtpHandshake handshake = handshake(listens);
      admitted += shake(handshake, mutant) ? 1 : 0;
      assertThat(handshake.out().remaining()).isLessThanOrEqualTo(700);
    }
    assertThat(admitted).as("of those that were not changed, or not where it matters").isPositive();
  }

  private ZmtpHandshake handshake(boolean listens) {
    return listens
        ? ZmtpHandshake.listening((shown, from) -> Arrays.equals(shown, ticket), "x")
        : ZmtpHandshake.dialling(ticket);
  }

  /** All that one side of a handshake sends. */
  private byte[] said(boolean listens) {
    ByteBuffer out = ByteBuffer.allocate(2000);
    Greeting.write(listens, out);
    if (listens) {
      Command.of(Command.WELCOME, new byte[0]).write(out);
      Command.ofSocket(Command.READY, "ROUTER").write(out);
    } else {
      Plain.hello(ticket).write(out);
      Command.ofSocket(Command.INITIATE, "DEALER").write(out);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private boolean shake(ZmtpHandshake handshake, byte[] bytes) {
    ByteBuffer all = ByteBuffer.wrap(bytes);
    try {
      while (all.hasRemaining()) {
        if (handshake.read(piece(all))) {
          return true;
        }
      }
    } catch (ZmtpException e) {
      assertThat(e.getMessage()).hasSizeLessThan(400).matches("[ -~]+");
    }
    return false;
  }

  private ByteBuffer piece(ByteBuffer all) {
    int bytes = Math.min(all.remaining(), 1 + random.nextInt(60));
    ByteBuffer piece = all.slice().limit(bytes);
    all.position(all.position() + bytes);
    return piece;
  }

  private byte[] mutate(byte[] right) {
    byte[] mutant = Arrays.copyOf(right, 1 + random.nextInt(right.length + 20));
    for (int i = random.nextInt(4); i >= 0; i--) {
      mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
    }
    return mutant;
  }

  @Test
  void shouldReadTheSameFramesHoweverTheyAreCut() throws ZmtpException {
    for (int i = 0; i < MUTANTS / 100; i++) {
      List<byte[]> frames = new ArrayList<>();
      ByteBuffer stream = stream(frames);
      FrameReader reader = new FrameReader(MOST_FRAME_BYTES);
      List<byte[]> read = new ArrayList<>();
      while (stream.hasRemaining()) {
        ByteBuffer piece = piece(stream);
        for (Frame next = reader.read(piece); next != null; next = reader.read(piece)) {
          read.add(next.copy());
        }
      }
      assertThat(read).hasSameSizeAs(frames);
      for (int each = 0; each < read.size(); each++) {
        assertThat(read.get(each)).isEqualTo(frames.get(each));
      }
    }
  }

  private ByteBuffer stream(List<byte[]> frames) {
    ByteBuffer out = ByteBuffer.allocate(20 * (MOST_FRAME_BYTES + 9));
    for (int i = random.nextInt(20); i >= 0; i--) {
      byte[] frame = new byte[random.nextInt(random.nextBoolean() ? 5 : MOST_FRAME_BYTES)];
      random.nextBytes(frame);
      frames.add(frame);
      if (frame.length < 256 && random.nextBoolean()) {
        out.put((byte) 0).put((byte) frame.length).put(frame);
      } else {
        out.put((byte) FrameReader.LONG).putLong(frame.length).put(frame);
      }
    }
    return out.flip();
  }

  @Test
  void shouldMakeNoArrayAboveTheBoundForChangedFrames() {
    for (int i = 0; i < MUTANTS / 10; i++) {
      ByteBuffer right = stream(new ArrayList<>());
      byte[] bytes = new byte[right.remaining()];
      right.get(bytes);
      ByteBuffer mutant = ByteBuffer.wrap(mutate(bytes));
      FrameReader reader = new FrameReader(MOST_FRAME_BYTES);
      try {
        for (Frame next = reader.read(mutant); next != null; next = reader.read(mutant)) {
          assertThat(next.lengthBytes()).isLessThanOrEqualTo(Command.MOST_BYTES);
          if ((reader.flags() & FrameReader.COMMAND) != 0) {
            Command.read(next.copy()).metadata();
          }
        }
      } catch (ZmtpException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }
}
