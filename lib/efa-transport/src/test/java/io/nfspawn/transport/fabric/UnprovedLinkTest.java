package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer gets who was answered, as anybody is with a recorded HELLO, but not proved. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class UnprovedLinkTest {
  private static final long LIMIT_NANOS = 60_000_000_000L;
  private static final int LONGEST_BYTES = 1 << 20;

  /** One side; it answers whoever dials it. */
  private static final class Side implements Wire.Receiver, AutoCloseable {
    final FabricWire wire;
    final String address;
    final List<Wire.Link> down = new ArrayList<>();
    @Nullable FabricLink last;
    int frames;
    int attachments;

    Side(String provider) {
      wire = new FabricWire(Fabrics.library(), provider, 1, LONGEST_BYTES);
      address = wire.bind("127.0.0.1");
    }

    @Override
    public void onFrame(Wire.Link from, Frame frame) {
      last = (FabricLink) from;
      frames++;
    }

    @Override
    public void onFrame(Wire.Link from, Frame frame, Wire.Attachment attachment) {
      attachments++;
      attachment.release();
      onFrame(from, frame);
    }

    @Override
    public void onLinkDown(Wire.Link link) {
      down.add(link);
    }

    void turn() {
      wire.watch(System.nanoTime());
      wire.poll(this, 64);
    }

    Wire.Sent announce(Wire.Link link) {
      return wire.send(link, new byte[5], ByteBuffer.allocateDirect(100_000), () -> {});
    }

    @Override
    public void close() {
      wire.close();
    }
  }

  private static void until(Side one, Side other, BooleanSupplier done) {
    for (long end = System.nanoTime() + LIMIT_NANOS; !done.getAsBoolean(); ) {
      assertThat(System.nanoTime()).isLessThan(end);
      one.turn();
      other.turn();
    }
  }

  private static void send(Side from, Side to, Wire.Link link) {
    until(from, to, () -> from.wire.send(link, new byte[9]) == Wire.Sent.ACCEPTED);
  }

  /** Dials and is answered; what the one who is dialled calls the link is {@link Side#last}. */
  private static Wire.Link meet(Side stranger, Side member) {
    Wire.Link link = stranger.wire.dial(member.address);
    send(stranger, member, link);
    until(stranger, member, () -> member.last != null);
    send(member, stranger, member.last);
    until(stranger, member, () -> stranger.frames == 1);
    return link;
  }

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp;ofi_rxm"})
  void shouldReadNothingAndEndLinkWhenPeerAnnouncesBeforeItProvedItself(String provider) {
    try (Side member = new Side(provider);
        Side stranger = new Side(provider)) {
      Wire.Link link = meet(stranger, member);
      FabricLink accepted = member.last;
      stranger.wire.trust(link);
      send(stranger, member, link);
      until(stranger, member, () -> stranger.announce(link) == Wire.Sent.ACCEPTED);
      until(
          stranger,
          member,
          () -> {
            assertThat(member.wire.heldBytes()).isZero();
            return stranger.down.contains(link);
          });
      assertThat(accepted.down).isTrue();
      assertThat(member.attachments).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"shm", "tcp;ofi_rxm"})
  void shouldAnnounceOnceTheFrameThatProvesItWasReceived(String provider) {
    try (Side member = new Side(provider);
        Side other = new Side(provider)) {
      Wire.Link link = meet(other, member);
      assertThat(other.announce(link)).isEqualTo(Wire.Sent.BACK_PRESSURE);
      assertThat(other.wire.send(link, new byte[100_000])).isEqualTo(Wire.Sent.BACK_PRESSURE);
      assertThat(member.announce(member.last)).isEqualTo(Wire.Sent.BACK_PRESSURE);
      other.wire.trust(link);
      assertThat(other.announce(link)).isEqualTo(Wire.Sent.BACK_PRESSURE);
      send(other, member, link);
      until(other, member, () -> member.frames == 2);
      member.wire.trust(member.last);
      until(other, member, () -> other.announce(link) == Wire.Sent.ACCEPTED);
      until(other, member, () -> member.announce(member.last) == Wire.Sent.ACCEPTED);
      until(other, member, () -> member.attachments == 1 && other.attachments == 1);
    }
  }

  @Test
  void shouldKeepNoFrameOutOfOrderBeforePeerProvedItself() {
    FabricAddress somewhere = FabricAddress.parse("00@127.0.0.1:1;shm");
    FabricLink accepted = new FabricLink(1, 2, somewhere, false);
    assertThat(accepted.expects(0)).isTrue();
    assertThat(accepted.expects(1)).isFalse();
    accepted.trust();
    assertThat(accepted.expects(FabricLink.WINDOW - 1)).isTrue();
    FabricLink dialled = new FabricLink(2, 1, somewhere, true);
    dialled.trust();
    dialled.sent();
    assertThat(dialled.hasRoom()).as("before the first frame was received").isFalse();
    assertThat(dialled.acknowledge(1)).isTrue();
    dialled.sent();
    assertThat(dialled.hasRoom()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldEndLinkAfterAWhileUnlessItsPeerProvedItself(boolean proved) {
    try (Side member = new Side("shm");
        Side stranger = new Side("shm")) {
      Wire.Link link = meet(stranger, member);
      FabricLink accepted = member.last;
      if (proved) {
        member.wire.trust(accepted);
      }
      member.wire.watch(System.nanoTime() + Links.LONGEST_UNPROVED_NANOS);
      assertThat(accepted.down).isNotEqualTo(proved);
      if (!proved) {
        until(stranger, member, () -> stranger.down.contains(link));
      }
    }
  }

  private static Links links() {
    return new Links(List.of(), Neighbours.of(Fabrics.library(), "tcp;ofi_rxm"));
  }

  private static FabricLink accept(Links links, int number) {
    return links.accepted(number + 1L, "00@127.0.0." + number + ":1;tcp;ofi_rxm");
  }

  @Test
  void shouldEndEldestWhenThereAreTooMany() {
    Links links = links();
    FabricLink known = accept(links, 0);
    assertThat(links.establish(known)).isTrue();
    links.trust(known);
    List<FabricLink> strangers = new ArrayList<>();
    for (int i = 1; i <= Links.MOST_UNPROVED; i++) {
      FabricLink stranger = accept(links, i);
      assertThat(links.establish(stranger)).isTrue();
      strangers.add(stranger);
    }
    long now = System.nanoTime();
    assertThat(links.overdue(now)).isNull();
    assertThat(links.proved()).as("links that get slots").isEqualTo(1);
    assertThat(links.establish(accept(links, Links.MOST_UNPROVED + 1))).isTrue();
    assertThat(links.overdue(now)).isSameAs(strangers.get(0));
    links.end(strangers.get(0));
    assertThat(links.overdue(now)).isNull();
  }

  @Test
  void shouldKeepNoMoreAddressesThanFitOfPeersThatDoNotProveThemselves() {
    Links links = links();
    for (int i = 0; i < Links.MOST_UNPROVED_ADDRESSES; i++) {
      FabricLink stranger = accept(links, i);
      assertThat(links.establish(stranger)).isTrue();
      links.end(stranger);
    }
    assertThat(links.establish(accept(links, -1))).isFalse();
    FabricLink back = accept(links, 3);
    assertThat(links.establish(back)).as("one that is known").isTrue();
    links.trust(back);
    assertThat(links.establish(accept(links, -1))).isTrue();
  }
}
