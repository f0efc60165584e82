package io.nfspawn.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.transport.frame.MalformedFrameException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssemblyTest {
  private static final int PART_BYTES = 1 << 20;
  private final Sender sender = new Sender(1, 0);

  @Test
  void shouldTakeNoMoreMemoryThanCameWhenMuchIsAnnounced() {
    ByteBuffer first = new Assembly().take(1 << 30);
    assertThat(first.capacity()).isEqualTo(16 << 20);
    assertThat(Assembly.grow(first.position(16 << 20), 1, 1 << 30).capacity()).isEqualTo(32 << 20);
  }

  @Test
  void shouldPutALongPayloadTogether() {
    byte[] sent = new byte[40 * PART_BYTES + 17];
    new Random(7).nextBytes(sent);
    sender.startPartial(3, sent.length, new Assembly().take(sent.length));

    ByteBuffer whole = null;
    for (int offset = 0; offset < sent.length; offset += PART_BYTES) {
      assertThat(whole).isNull();
      int bytes = Math.min(PART_BYTES, sent.length - offset);
      whole = sender.addPart(3, offset, sent.length, ByteBuffer.wrap(sent, offset, bytes));
    }

    assertThat(whole).isEqualTo(ByteBuffer.wrap(sent));
  }

  @Test
  void shouldRefuseAPartThatGoesBeyondWhatWasAnnounced() {
    sender.startPartial(3, 10, new Assembly().take(10));
    assertThatThrownBy(() -> sender.addPart(3, 0, 10, ByteBuffer.allocate(11)))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("part 0 of item 3 does not follow the last");
  }
}
