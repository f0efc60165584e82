package io.nfspawn.bams3.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.bams3.TargetExistsException;
import io.nfspawn.bams3.store.MemoryStore;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One writer at a time, and the dead do not keep the living out. */
class WriterClaimTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Store store = new MemoryStore();

  private static ClaimOwner thisProcess() {
    return ClaimOwner.thisProcess();
  }

  private static ClaimOwner elsewhere(String id) {
    return new ClaimOwner("00000000-0000-0000-0000-00000000000" + id, "node7", "other", 12, 0);
  }

  private static ClaimOwner ended() throws Exception {
    Process process = new ProcessBuilder("true").start();
    ClaimOwner here = thisProcess();
    assertThat(process.waitFor()).isZero();
    return new ClaimOwner(here.id(), here.host(), here.system(), process.pid(), 0);
  }

  private void leave(ClaimOwner owner) throws IOException {
    assertThat(store.putIfAbsent(WriterClaim.KEY, owner.toBytes())).isTrue();
  }

  @Test
  void shouldBeOneAtATimeAndLeaveNothing() throws IOException {
    try (WriterClaim first = WriterClaim.take(store, false)) {
      assertThat(first.isHeld()).isTrue();
      assertThat(first.isLikelyHeld()).isTrue();
      assertThatThrownBy(() -> WriterClaim.take(store, false))
          .isInstanceOf(TargetExistsException.class)
          .hasMessage(
              "memory:: another conversion to it is under way (process %d on this host); wait for it, or --force starts over",
              ProcessHandle.current().pid());
      first.release();
    }
    assertThat(store.list("")).isEmpty();
    WriterClaim.take(store, false).release();
  }

  @Test
  void shouldBeTakenOverWhenItsProcessHasEnded() throws Exception {
    leave(ended());
    WriterClaim claim = WriterClaim.take(store, thisProcess(), false, HOUR);
    assertThat(claim.isHeld()).isTrue();
    assertThatThrownBy(() -> WriterClaim.take(store, thisProcess(), false, HOUR))
        .hasMessageContaining("another conversion to it is under way");
    claim.release();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void shouldNotTakeALaterProcessOfTheSameNumberForTheOwner() throws IOException {
    ClaimOwner here = thisProcess();
    leave(new ClaimOwner(here.id(), here.host(), here.system(), here.pid(), 1));
    WriterClaim.take(store, thisProcess(), false, HOUR).release();
  }

  @Test
  void shouldBeTakenOverFromAnotherHostAfterSilenceAlone() throws IOException {
    leave(elsewhere("1"));
    assertThatThrownBy(() -> WriterClaim.take(store, thisProcess(), false, HOUR))
        .hasMessage(
            "memory:: another conversion to it is under way (process 12 on node7, last heard of 0 s ago; a killed one can be replaced after 3600 s); wait for it, or --force starts over");
    WriterClaim claim = WriterClaim.take(store, thisProcess(), false, Duration.ZERO);
    assertThat(claim.isHeld()).isTrue();
    claim.release();
  }

  @Test
  void shouldLoseToWhoeverForcesIt() throws IOException {
    WriterClaim first = WriterClaim.take(store, elsewhere("1"), false, HOUR);
    WriterClaim second = WriterClaim.take(store, elsewhere("2"), true, HOUR);
    WriterClaim third = WriterClaim.take(store, elsewhere("3"), true, HOUR);
    assertThat(first.isHeld()).isFalse();
    assertThat(second.isHeld()).isFalse();
    assertThat(third.isHeld()).isTrue();
    first.close();
    second.close();
    third.release();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void shouldGoToOneOfManyThatWouldTakeItOver() throws Exception {
    for (int round = 0; round < 20; round++) {
      Store place = new MemoryStore();
      place.putIfAbsent(WriterClaim.KEY, ended().toBytes());
      ExecutorService takers = Executors.newFixedThreadPool(4);
      try {
        Callable<WriterClaim> take = () -> WriterClaim.take(place, thisProcess(), false, HOUR);
        List<WriterClaim> taken = new ArrayList<>();
        for (Future<WriterClaim> future : takers.invokeAll(List.of(take, take, take, take))) {
          try {
            taken.add(future.get());
          } catch (java.util.concurrent.ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(TargetExistsException.class);
          }
        }
        assertThat(taken).hasSize(1);
        taken.get(0).release();
        assertThat(place.list("")).isEmpty();
      } finally {
        takers.shutdownNow();
      }
    }
  }

  @Test
  void shouldClearAwayWhatEarlierWritersLeft() throws IOException {
    leave(elsewhere("1"));
    store.putIfAbsent(WriterClaim.KEY + ".stray", new byte[1]);
    WriterClaim claim = WriterClaim.take(store, thisProcess(), false, Duration.ZERO);
    claim.removeOthers(store.list(""));
    assertThat(claim.isHeld()).isTrue();
    claim.release();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void shouldTakeAnythingUnreadableForSomebodyUnknown() {
    ClaimOwner unknown = ClaimOwner.parse(new byte[] {1, 2, 3});
    assertThat(unknown.isNeighbour()).isFalse();
    assertThat(unknown.id()).isEqualTo("unknown");
    ClaimOwner here = thisProcess();
    assertThat(ClaimOwner.parse(here.toBytes())).isEqualTo(here);
    assertThat(here.isNeighbour()).isTrue();
    assertThat(here.isAlive()).isTrue();
  }
}
