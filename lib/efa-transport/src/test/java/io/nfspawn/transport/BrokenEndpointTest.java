package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in members.json of one member cannot end the channel to the others. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BrokenEndpointTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "zmq, zmq, cannot dial 'nonsense': expected tcp://HOST:PORT",
    "fabric:shm, fabric, no address of a fabric: 'nonsense'"
  })
  void shouldLoseOnlyPeerWhoseEndpointIsBroken(String wire, String name, String reason)
      throws Exception {
    assumeTrue(wire.equals("zmq") || Libfabric.probe().isAvailable(), Libfabric.probe().absence());
    ChannelOptions options = ChannelContract.FAST.withWire(wire);
    List<ChannelEvent> events = new CopyOnWriteArrayList<>();
    try (TestGang gang = new TestGang(directory, 3, 1)) {
      Channel source = gang.track(Channel.open(gang.membership(0), options));
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1)));
      Channel member = gang.track(Channel.open(gang.membership(1), options));
      member.onEvent(events::add);
      WorkConsumer sound = member.workConsumer("items", 0, Credit.DEFAULT);
      WorkConsumer broken = member.workConsumer("others", 2, Credit.DEFAULT);
      Files.writeString(
          gang.directory(2).resolve("address.json"), "{\"" + name + "\":\"nonsense\"}");
      assertThatThrownBy(() -> broken.take(WAIT))
          .isInstanceOf(PeerLostException.class)
          .hasMessageContaining("its endpoint in members.json is broken: " + reason);
      assertThat(events)
          .filteredOn(event -> event instanceof ChannelEvent.PeerLost)
          .singleElement()
          .satisfies(event -> assertThat(event.toString()).contains(reason));
      work.put(ItemKey.of("a"), ByteBuffer.allocate(10), WAIT);
      sound.take(WAIT).orElseThrow().ack();
      work.finish(WAIT);
    }
  }
}
