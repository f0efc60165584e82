package io.nfspawn.transport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FramePoolTest {
  private static final int TAKEN = 200_000;
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
      int most = Math.max(128, lengthBytes + (lengthBytes <= 1024 ? 127 : lengthBytes / 8));
      assertThat(room).as("%d bytes", lengthBytes).isBetween(lengthBytes, most);
    }
  }

  @Test
  void shouldKeepNoMoreThanItMay() {
    Frame first = pool.take(4000);
    Frame second = pool.take(4000);
    first.release(1);
    second.release(1);
    assertThat(pool.take(4000)).isSameAs(second);
    assertThat(pool.take(4000)).isNotSameAs(first);
  }

  @Test
  void shouldForgetLengthsThatNobodyAsksForAnyMore() {
    pool.take(4000).releaseInTurn(1);
    Frame other = pool.take(500);
    other.releaseInTurn(1);
    assertThat(pool.take(500)).isSameAs(other);
  }

  @Test
  void shouldUseALittleLongerArrayWhenThereIsNoneOfItsStep() {
    Frame longer = pool.take(3000);
    longer.releaseInTurn(1);
    assertThat(pool.take(1500)).as("of half the length").isNotSameAs(longer);
    assertThat(pool.take(2500)).isSameAs(longer);
  }

  /** Lengths as they come from a queue: any up to the longest, a few held at a time. */
  @Test
  void shouldHardlyAllocateInTheEnd() {
    FramePool large = new FramePool(4 << 20);
    Random random = new Random(20261122);
    Set<Frame> known = Collections.newSetFromMap(new IdentityHashMap<>());
    int before = 0;
    for (int round = 0; round < 2 * TAKEN; round += 4) {
      before = round == TAKEN ? known.size() : before;
      List<Frame> held = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        held.add(large.take(1 + random.nextInt(128 << 10)));
      }
      known.addAll(held);
      held.forEach(frame -> frame.release(1));
    }
    assertThat(known.size() - before).isLessThan(20);
  }

  @Test
  void shouldUseAtOnceWhatItsOwnThreadGivesBack() {
    Frame first = pool.take(100);
    first.releaseInTurn(1);
    assertThat(pool.take(100)).isSameAs(first);
  }

  /** Each frame is marked as long as somebody holds it; others give back in any order. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void shouldNeverHandOutWhatSomebodyHolds() throws Exception {
    FramePool pool = new FramePool(1 << 16); // Room for all that are under way.
    Random random = new Random(20261122);
    BlockingQueue<Frame> held = new ArrayBlockingQueue<>(64);
    ExecutorService others = Executors.newFixedThreadPool(2);
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ends.add(others.submit(() -> giveBack(held)));
    }
    Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < TAKEN; i++) {
      Frame frame = pool.take(1 + random.nextInt(500));
      assertThat(frame.bytes()[0]).as("frame %d", i).isZero();
      arrays.add(frame.bytes());
      frame.bytes()[0] = 1;
      if (random.nextInt(4) == 0) {
        frame.bytes()[0] = 0;
        frame.releaseInTurn(1);
      } else {
        frame.retain(1);
        held.put(frame);
      }
    }
    held.put(Frame.of(new byte[0]));
    held.put(Frame.of(new byte[0]));
    others.shutdown();
    for (Future<?> end : ends) {
      end.get();
    }
    assertThat(arrays.size()).isLessThan(TAKEN / 2);
  }

  private static Void giveBack(BlockingQueue<Frame> held) throws InterruptedException {
    for (Frame frame = held.take(); frame.lengthBytes() > 0; frame = held.take()) {
      frame.release(1);
      frame.bytes()[0] = 0;
      frame.release(1);
    }
    return null;
  }
}
