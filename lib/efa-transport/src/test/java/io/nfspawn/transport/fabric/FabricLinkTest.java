package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FabricLinkTest {
  private final FabricLink link =
      new FabricLink(1, 2, FabricAddress.parse("00@127.0.0.1:1;shm"), false);

  @Test
  void shouldSendNoMoreFramesThanThePeerHasRoomFor() {
    link.trust();
    for (int i = 0; i < FabricLink.WINDOW; i++) {
      assertThat(link.hasRoom()).isTrue();
      link.sent();
    }
    assertThat(link.hasRoom()).isFalse();
    assertThat(link.acknowledge(1)).isTrue();
    assertThat(link.hasRoom()).isTrue();
  }

  @Test
  void shouldHoldMemoryOfFewerFramesThanItSends() {
    link.trust();
    AtomicInteger released = new AtomicInteger();
    for (int i = 0; i < FabricLink.FAR_WINDOW; i++) {
      assertThat(link.hasRoomForFar()).isTrue();
      link.sentFar(released::incrementAndGet);
    }
    assertThat(link.hasRoomForFar()).isFalse();
    assertThat(link.hasRoom()).as("for one that is sent whole").isTrue();
    link.sent();
    assertThat(link.acknowledge(3)).isTrue();
    assertThat(released).hasValue(3);
    for (int i = 0; i < 3; i++) {
      assertThat(link.hasRoomForFar()).isTrue();
      link.sentFar(released::incrementAndGet);
    }
    assertThat(link.hasRoomForFar()).isFalse();
    assertThat(link.takeKept()).hasSize(FabricLink.FAR_WINDOW);
  }
}
