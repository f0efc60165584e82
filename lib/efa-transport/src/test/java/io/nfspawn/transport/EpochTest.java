package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.core.Kills;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gang's next round: its members are let in, those who are left of the round before are not. */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EpochTest {
  @TempDir Path directory;
  private final List<ChannelEvent> events = new CopyOnWriteArrayList<>();

  private static Channel open(TestGang gang, int rank, String wire) {
    return gang.track(Channel.open(gang.membership(rank), ChannelContract.FAST.withWire(wire)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zmq", "fabric:shm", "fabric:tcp"})
  void shouldLetNewRoundInAndFenceFormerOne(String wire) throws Exception {
    assumeTrue(wire.equals("zmq") || Libfabric.probe().isAvailable(), Libfabric.probe().absence());
    try (TestGang before = new TestGang(directory, "gang", 1, 3, 1);
        TestGang now = new TestGang(directory, "gang", 2, 3, 1)) {
      Channel killed = open(before, 0, wire);
      WorkSource lost = killed.workSource("items", SourceOptions.to(Set.of(1)));
      lost.put(ItemKey.of("k"), ChannelContract.bytes("of round 1"), WAIT);
      WorkConsumer left = open(before, 1, wire).workConsumer("items", 0, Credit.DEFAULT);
      Delivery kept = left.take(WAIT).orElseThrow();
      Kills.kill(killed);

      Channel source = open(now, 0, wire);
      source.onEvent(events::add);
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1)));
      work.put(ItemKey.of("k"), ChannelContract.bytes("of round 2"), WAIT);
      assertThatThrownBy(() -> left.take(WAIT)).isInstanceOf(PeerLostException.class);
      kept.ack();
      // Who comes late from round 1 learns where rank 0 listens now, and tries.
      Path part =
          Files.copy(
              now.directory(0).resolve("address.json"), before.directory(0).resolve("part.json"));
      Files.move(
          part,
          before.directory(0).resolve("address.json"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      WorkConsumer late = open(before, 2, wire).workConsumer("items", 0, Credit.DEFAULT);
      await()
          .atMost(WAIT)
          .until(
              () ->
                  events.stream()
                      .anyMatch(
                          e ->
                              e instanceof ChannelEvent.StrangerRefused refused
                                  && refused.reason().contains("epoch 1, ours is 2")));
      assertThat(late.poll()).isNull();
      assertThat(work.unacknowledged()).isOne();
      assertThat(events).noneMatch(e -> e instanceof ChannelEvent.PeerJoined);

      WorkConsumer member = open(now, 1, wire).workConsumer("items", 0, Credit.DEFAULT);
      Delivery delivery = member.take(WAIT).orElseThrow();
      assertThat(ChannelContract.text(delivery)).isEqualTo("of round 2");
      assertThat(delivery.attempt()).isOne();
      delivery.ack();
      work.finish(WAIT);
    }
  }
}
