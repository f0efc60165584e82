package io.nfspawn.transport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.transport.ChannelException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
  void shouldWriteWhatItReads() throws IOException {
    for (Framing framing : Framing.values()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      framing.write(out, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      assertThat(framing.read(new ByteArrayInputStream(out.toByteArray()), 1000))
          .containsExactly(1, 2, 3);
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
