package io.nfspawn.transport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FramePoolTest {
  private final FramePool pool = new FramePool(4096);

  @Test
  void shouldUseAnArrayAgainWhenNobodyHoldsItsFrame() {
    Frame first = pool.take(100);
    first.retain(2);
    first.release(1);
    first.release(1);
    Frame second = pool.take(100);
    assertThat(second.bytes()).isNotSameAs(first.bytes());
    first.release(1);
    Frame third = pool.take(120);
    assertThat(third.bytes()).isSameAs(first.bytes());
    assertThat(third.lengthBytes()).isEqualTo(120);
  }

  @Test
  void shouldHoldLittleMoreThanAFrameNeeds() {
    for (int lengthBytes = 0; lengthBytes < 300_000; lengthBytes += 1 + lengthBytes / 100) {
      int room = pool.take(lengthBytes).bytes().length;
      int most = Math.max(128, lengthBytes + (lengthBytes <= 1024 ? 127 : 1023));
      assertThat(room).as("%d bytes", lengthBytes).isBetween(lengthBytes, most);
    }
  }

  @Test
  void shouldKeepNoMoreThanItMay() {
    Frame first = pool.take(4000);
    Frame second = pool.take(4000);
    first.release(1);
    second.release(1);
    assertThat(pool.take(4000).bytes()).isSameAs(first.bytes());
    assertThat(pool.take(4000).bytes()).isNotSameAs(second.bytes());
  }
}
