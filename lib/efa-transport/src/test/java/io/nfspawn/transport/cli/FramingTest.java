package io.nfspawn.transport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.transport.ChannelException;
import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FramingTest {

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static List<String> readAll(Framing framing, String text) throws IOException {
    InputStream in = in(text);
    List<String> messages = new ArrayList<>();
    for (byte[] m = framing.read(in, 1000); m != null; m = framing.read(in, 1000)) {
      messages.add(new String(m, StandardCharsets.ISO_8859_1));
    }
    return messages;
  }

  @Test
  void shouldReadMessages() throws IOException {
    assertThat(readAll(Framing.NEWLINE, "a\n\nb c\nlast")).containsExactly("a", "", "b c", "last");
    assertThat(readAll(Framing.LENGTH, "\0\0\0\2ab\0\0\0\0")).containsExactly("ab", "");
    assertThat(readAll(Framing.BYTES, "x".repeat(1500)))
        .containsExactly("x".repeat(1000), "x".repeat(500));
  }

  @Test
  void shouldWriteWhatItReads(@TempDir Path directory) throws IOException {
    byte[] longOne = new byte[100_000];
    Arrays.fill(longOne, (byte) 7);
    Path file = directory.resolve("written");
    for (Framing framing : Framing.values()) {
      try (Sink out = new Sink(new FileOutputStream(file.toString()))) {
        out.write(framing, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        // From outside the heap it takes a way of its own, behind what was written before.
        out.write(framing, ByteBuffer.allocateDirect(longOne.length).put(longOne).flip());
      }
      ByteArrayInputStream in = new ByteArrayInputStream(Files.readAllBytes(file));
      int first = framing == Framing.BYTES ? 3 : 1_000_000;
      assertThat(framing.read(in, first)).as(framing.name()).containsExactly(1, 2, 3);
      assertThat(framing.read(in, 1_000_000)).as(framing.name()).isEqualTo(longOne);
    }
  }

  @Test
  void shouldSayWhatIsWrongWithInput() {
    assertThatThrownBy(() -> Framing.LENGTH.read(in("chr1\t100"), 1000))
        .isInstanceOf(ChannelException.class)
        .hasMessage(
            "a message claims 1667789361 bytes, allowed are 1000; is the input length-prefixed"
                + " (4 bytes, big-endian)?");
    assertThatThrownBy(() -> Framing.LENGTH.read(in("\0\0\0\5abc"), 1000))
        .hasMessage("the input ends inside a message");
    assertThatThrownBy(() -> Framing.NEWLINE.read(in("x".repeat(1001)), 1000))
        .hasMessage("a line is longer than 1000 bytes; use --framing length or bytes");
  }
}
