package io.nfspawn.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.transport.frame.MalformedFrameException;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an acknowledgement is about. */
class RangesTest {
  private final List<Long> heard = new ArrayList<>();

  private void read(long item, ByteBuffer part) {
    Message ack = Message.of(Message.Type.ACK, 7, item, "", part);
    ByteBuffer body = ByteBuffer.allocate(ack.lengthBytes());
    ack.write(body);
    MessageCursor at = new MessageCursor();
    at.wrap(body.flip(), null, null);
    assertThat(at.next()).isTrue();
    Ranges.forEach(at, heard::add);
  }

  private static ByteBuffer longs(long... values) {
    ByteBuffer part = ByteBuffer.allocate(Long.BYTES * values.length);
    for (long value : values) {
      part.putLong(value);
    }
    return part.flip();
  }

  @Test
  void shouldHearOfEachItemOnce() {
    read(5, ByteBuffer.allocate(0));
    ByteBuffer two = ByteBuffer.allocate(Ranges.bytes(2));
    Ranges.write(two, new long[] {8, 20}, new int[] {3, 2}, 2);
    read(8, two.flip());
    assertThat(heard).containsExactly(5L, 8L, 9L, 10L, 20L, 21L);
  }

  @Test
  void shouldHearOfNothingWhenRangesCannotBe() {
    assertThatThrownBy(() -> read(1, longs(1, 2, 3)))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("ranges of items in 24 bytes");
    for (long[] range : new long[][] {{-1, 1}, {1, 0}, {1, -1}, {1, 65_537}, {Long.MAX_VALUE, 1}}) {
      assertThatThrownBy(() -> read(1, longs(0, 1, range[0], range[1])))
          .as("%d from %d", range[1], range[0])
          .isInstanceOf(MalformedFrameException.class)
          .hasMessage("range of %d items from %d, at most 65535 more may be", range[1], range[0]);
    }
    assertThat(heard).isEmpty();
  }
}
