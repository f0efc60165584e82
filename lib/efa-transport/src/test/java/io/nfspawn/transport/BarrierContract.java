package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nfspawn.transport.core.Kills;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a barrier must survive, over every wire: re-joins, interruptions and losses that heal. */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class BarrierContract {
  /** Long enough for a pass that should not be, if it was going to happen. */
  private static final Duration TOO_SHORT = Duration.ofMillis(400);

  @TempDir Path directory;
  private final ExecutorService pool = Executors.newCachedThreadPool();

  /** A channel of this rank over the wire under test. */
  abstract Channel open(TestGang gang, int rank, ChannelOptions options);

  @AfterEach
  void stopPool() {
    pool.shutdownNow();
  }

  private Channel open(TestGang gang, int rank) {
    return gang.track(open(gang, rank, ChannelContract.FAST));
  }

  private List<Channel> openAll(TestGang gang, int size) {
    List<Channel> channels = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      channels.add(open(gang, rank));
    }
    return channels;
  }

  private Future<?> entering(Channel channel) {
    return pool.submit(
        () -> {
          channel.barrier("b", WAIT);
          return null;
        });
  }

  private void passTogether(List<Channel> channels, int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      for (Future<?> each : channels.stream().map(this::entering).toList()) {
        each.get();
      }
    }
  }

  /** Nobody of {@code some} passes while the others have not come. */
  private static void expectHeldBack(Channel some) {
    assertThatThrownBy(() -> some.barrier("b", TOO_SHORT))
        .isInstanceOf(ChannelTimeoutException.class);
  }

  private static List<Integer> losses(Channel channel) {
    List<Integer> lost = new CopyOnWriteArrayList<>();
    channel.onEvent(
        event -> {
          if (event instanceof ChannelEvent.PeerLost loss) {
            lost.add(loss.rank());
          }
        });
    return lost;
  }

  @Test
  void shouldPassWhenRankZeroComesLongAfterTheOthers() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 21)) {
      List<Channel> channels = openAll(gang, 2);
      Future<?> early = entering(channels.get(1));
      // Comes over the same session, later.
      Puller puller = channels.get(0).puller("p", PullOptions.from(Set.of(1)));
      channels.get(1).pusher("p", 0).put(ItemKey.of("k"), ByteBuffer.allocate(1), WAIT);
      puller.take(WAIT).orElseThrow().ack();
      assertThat(early).isNotDone();
      channels.get(0).barrier("b", WAIT);
      early.get();
    }
  }

  @Test
  void shouldWaitForTheOthersWhenARankWasStartedAgain() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 22)) {
      List<Channel> channels = openAll(gang, 3);
      passTogether(channels, 3);
      Kills.kill(channels.get(2));
      channels.set(2, open(gang, 2));
      expectHeldBack(channels.get(2));
      passTogether(channels, 2);
      Future<?> early = entering(channels.get(2));
      expectHeldBack(channels.get(1));
      channels.get(0).barrier("b", WAIT);
      channels.get(1).barrier("b", WAIT);
      early.get();
    }
  }

  @Test
  void shouldNotCountWhatAProcessEnteredThatIsGone() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 23)) {
      List<Channel> channels = openAll(gang, 2);
      List<Integer> lost = losses(channels.get(0));
      passTogether(channels, 1);
      Future<?> doomed = entering(channels.get(1));
      expectHeldBack(channels.get(1));
      Kills.kill(channels.get(1));
      assertThatThrownBy(doomed::get).hasCauseInstanceOf(ChannelClosedException.class);
      await().atMost(WAIT).until(() -> lost.contains(1));
      assertThatThrownBy(() -> channels.get(0).barrier("b", WAIT))
          .isInstanceOf(PeerLostException.class);
    }
  }

  @Test
  void shouldPassWithTheOthersWhenRankZeroWasStartedAgain() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 24)) {
      List<Channel> channels = openAll(gang, 3);
      passTogether(channels, 3);
      List<Integer> lost = losses(channels.get(1));
      Kills.kill(channels.get(0));
      await().atMost(WAIT).until(() -> lost.contains(0));
      for (Channel each : channels.subList(1, 3)) {
        assertThatThrownBy(() -> each.barrier("b", WAIT)).isInstanceOf(PeerLostException.class);
      }
      channels.set(0, open(gang, 0));
      expectHeldBack(channels.get(0));
      passTogether(channels, 2);
      expectHeldBack(channels.get(1));
    }
  }

  @Test
  void shouldKeepStepWhenACallWasInterrupted() throws Exception {
    for (int interrupted = 0; interrupted < 2; interrupted++) {
      try (TestGang gang = new TestGang(directory, "gang" + interrupted, 1, 2, 25)) {
        List<Channel> channels = openAll(gang, 2);
        passTogether(channels, 1);
        Channel impatient = channels.get(interrupted);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> impatient.barrier("b", WAIT))
            .isInstanceOf(InterruptedException.class);
        passTogether(channels, 2);
        expectHeldBack(channels.get(1 - interrupted));
      }
    }
  }

  @Test
  void shouldPassWhenALostMemberIsBack() throws Exception {
    try (TestGang gang = new TestGang(directory, 3, 26)) {
      List<Channel> channels = openAll(gang, 3);
      passTogether(channels, 2);
      List<Future<?>> waiting = new ArrayList<>();
      waiting.add(entering(channels.get(0)));
      waiting.add(entering(channels.get(1)));
      Kills.kill(channels.get(2));
      for (Future<?> each : waiting) {
        assertThatThrownBy(each::get)
            .cause()
            .isInstanceOfSatisfying(
                PeerLostException.class, e -> assertThat(e.ranks()).isEqualTo(Set.of(2)));
      }
      assertThatThrownBy(() -> channels.get(1).barrier("b", WAIT))
          .as("still gone")
          .isInstanceOf(PeerLostException.class);
      channels.set(2, open(gang, 2));
      expectHeldBack(channels.get(2));
      passTogether(channels, 3);
      expectHeldBack(channels.get(1));
    }
  }
}
