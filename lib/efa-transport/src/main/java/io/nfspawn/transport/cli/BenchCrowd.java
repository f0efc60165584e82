package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.Idle;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.SourceOptions;
import io.nfspawn.transport.WorkConsumer;
import io.nfspawn.transport.WorkSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One queue and many consumers, the last of which takes what its credit allows, acknowledges none
 * of it, and is killed half-way: the rate of the whole, and how soon others get what it had.
 */
final class BenchCrowd {
  private static final String WARM_UP = "warm-up";
  private static final String ITEMS = "items";
  private static final String HOLDING = "holding";
  private static final String TOLD = "told";

  private final Channel channel;
  private final int consumers;

  /**
   * @param consumers their ranks are 1 to this
   */
  BenchCrowd(Channel channel, int consumers) {
    this.channel = channel;
    this.consumers = consumers;
  }

  /**
   * What it came to.
   *
   * @param redeliveryMillis from the kill until what the dead one had was handed to others
   */
  record Figures(
      String wire,
      int sizeBytes,
      int consumers,
      Idle idle,
      double bandwidthMBps,
      double messagesPerSec,
      double redeliveryMillis) {

    String json() {
      return String.format(
          Locale.ROOT,
          "{\"wire\":\"%s\",\"size\":%d,\"consumers\":%d,\"idle\":\"%s\",\"bandwidthMBps\":%.1f,"
              + "\"messagesPerSec\":%.0f,\"redeliveryMs\":%.0f}",
          wire,
          sizeBytes,
          consumers,
          idle,
          bandwidthMBps,
          messagesPerSec,
          redeliveryMillis);
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "%s, %d bytes to %d consumers, %s: %.1f MB/s, %.0f messages/s; what one had that was"
              + " killed went to others after %.0f ms",
          wire,
          sizeBytes,
          consumers,
          idle.name().toLowerCase(Locale.ROOT),
          bandwidthMBps,
          messagesPerSec,
          redeliveryMillis);
    }
  }

  // ---- rank 0 -----------------------------------------------------------------------------

  /**
   * @param victim the process of the last rank
   * @throws ChannelException when not every item went to a living consumer once
   */
  Figures run(int sizeBytes, int messages, Duration warmUp, Idle idle, Process victim)
      throws InterruptedException {
    RegisteredBuffer memory = channel.buffers().tryAcquire(sizeBytes);
    ByteBuffer payload = memory == null ? ByteBuffer.allocateDirect(sizeBytes) : memory.buffer();
    warmUp(payload, warmUp);
    try (WorkSource source = source(ITEMS);
        Puller holding = channel.puller(HOLDING, PullOptions.from(Set.of(consumers)))) {
      long start = System.nanoTime();
      int half = messages / 2;
      put(source, 0, half, payload);
      for (; holding.poll() == null; half++) {
        put(source, half, half + 1, payload); // It has just come, and the others had it all.
        Thread.sleep(1);
      }
      int all = half + messages - messages / 2;
      long killed = System.nanoTime();
      victim.destroyForcibly();
      long again = 0;
      for (int i = half; i < all; i++) {
        put(source, i, i + 1, payload);
        again = again == 0 && source.redelivered() > 0 ? System.nanoTime() : again;
      }
      while (again == 0) {
        Thread.sleep(1);
        again = source.redelivered() > 0 ? System.nanoTime() : 0;
      }
      source.finish(BenchCommand.WAIT);
      double perSecond = all / ((System.nanoTime() - start) / 1e9);
      checkCount(all);
      return new Figures(
          channel.wire(),
          sizeBytes,
          consumers,
          idle,
          perSecond * sizeBytes / 1e6,
          perSecond,
          (again - killed) / 1e6);
    }
  }

  private WorkSource source(String name) {
    Set<Integer> ranks = IntStream.rangeClosed(1, consumers).boxed().collect(Collectors.toSet());
    return channel.workSource(name, SourceOptions.to(ranks));
  }

  private static void put(WorkSource source, int from, int to, ByteBuffer payload)
      throws InterruptedException {
    for (int i = from; i < to; i++) {
      source.put(ItemKey.of(Integer.toString(i)), payload, BenchCommand.WAIT);
    }
  }

  private void warmUp(ByteBuffer payload, Duration warmUp) throws InterruptedException {
    long end = System.nanoTime() + warmUp.toNanos();
    try (WorkSource source = source(WARM_UP)) {
      for (int i = 0; i < consumers || System.nanoTime() - end < 0; i++) {
        put(source, i, i + 1, payload);
      }
      source.finish(BenchCommand.WAIT);
    }
  }

  private void checkCount(int messages) throws InterruptedException {
    Set<Integer> living = IntStream.range(1, consumers).boxed().collect(Collectors.toSet());
    int count = 0;
    try (Puller told = channel.puller(TOLD, PullOptions.from(living))) {
      for (int i = 1; i < consumers; i++) {
        Delivery one = told.take(BenchCommand.WAIT).orElseThrow();
        count += one.payload().getInt();
        one.ack();
      }
    }
    if (count != messages) {
      throw new ChannelException(count + " items came of " + messages + " that were sent");
    }
  }

  // ---- the others -------------------------------------------------------------------------

  /** A consumer of that rank. */
  void consume(int rank) throws InterruptedException {
    try (WorkConsumer work = channel.workConsumer(WARM_UP, 0, Credit.DEFAULT)) {
      takeAll(work);
    }
    try (WorkConsumer work = channel.workConsumer(ITEMS, 0, Credit.DEFAULT)) {
      if (rank == consumers) {
        hold(work);
      }
      ByteBuffer count = ByteBuffer.allocate(Integer.BYTES).putInt(0, takeAll(work));
      try (Pusher told = channel.pusher(TOLD, 0)) {
        told.put(ItemKey.of(Integer.toString(rank)), count, BenchCommand.WAIT);
        told.finish(BenchCommand.WAIT);
      }
    }
  }

  /** Keeps what it gets, until this process is killed. */
  private void hold(WorkConsumer work) throws InterruptedException {
    var unused = work.take(BenchCommand.WAIT);
    try (Pusher holding = channel.pusher(HOLDING, 0)) {
      holding.put(ItemKey.of(HOLDING), ByteBuffer.allocate(0), BenchCommand.WAIT);
      while (!work.isFinished()) {
        unused = work.take(BenchCommand.WAIT);
      }
    }
  }

  private static int takeAll(WorkConsumer work) throws InterruptedException {
    int count = 0;
    for (int some = -1; some != 0; count += some) {
      some = work.drain(Credit.DEFAULT.items(), BenchCommand.WAIT, item -> {});
    }
    return count;
  }
}
