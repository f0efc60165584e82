package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.SourceOptions;
import io.nfspawn.transport.WorkConsumer;
import io.nfspawn.transport.WorkSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A gang of two inside this process that sends through one wire: work queue, push/pull, barrier.
 *
 * @param host address to listen on
 * @param wire as in {@link ChannelOptions}
 * @param opening how its members open their channels
 * @param endNanos when it has to be over, as {@link System#nanoTime} counts
 */
record WireTest(String host, String wire, Opening opening, long endNanos) {
  private static final int PAYLOAD_BYTES = 256 << 10;
  private static final int KEEP_ALIVES_A_TIME_OUT = 10;

  /** As {@link Channel#open}. */
  interface Opening {
    Channel open(Membership membership, ChannelOptions options);
  }

  /**
   * @throws ChannelException what did not work
   */
  void run() throws IOException, InterruptedException {
    Duration left = left();
    // Each of the two waits so long for a peer that falls silent, when it is closed, too.
    Duration timeOut = left.dividedBy(4);
    ChannelOptions options =
        ChannelOptions.defaults()
            .withWire(wire)
            .withJoinTimeout(left)
            .withLiveness(timeOut.dividedBy(KEEP_ALIVES_A_TIME_OUT), timeOut, timeOut);
    try (LocalGang gang = new LocalGang(host, 2);
        Channel zero = opening.open(gang.membership(0), options);
        Channel one = opening.open(gang.membership(1), options)) {
      gang.introduce(left());
      check(zero, one);
    }
  }

  private Duration left() {
    return Duration.ofMillis(Math.max(100, (endNanos - System.nanoTime()) / 1_000_000));
  }

  private void check(Channel zero, Channel one) throws InterruptedException {
    WorkSource source = zero.workSource("items", SourceOptions.to(Set.of(1)));
    WorkConsumer consumer = one.workConsumer("items", 0, Credit.DEFAULT);
    Puller puller = zero.puller("results", PullOptions.from(Set.of(1)));
    Pusher pusher = one.pusher("results", 0);
    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
    source.put(ItemKey.of("item"), payload, left());
    Delivery item = consumer.take(left()).orElseThrow();
    CompletableFuture<ItemKey> taken = pusher.push(item.key(), item.payload(), left());
    Delivery result = puller.take(left()).orElseThrow();
    if (!result.payload().equals(payload)) {
      throw new ChannelException("the payload came back changed");
    }
    result.ack();
    try {
      taken.get(left().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ChannelException("no acknowledgement came back", e);
    }
    item.ack();
    source.finish(left());
    pusher.finish(left());
    Thread other =
        new Thread(
            () -> {
              try {
                one.barrier("end", left());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "spawn-channel-selftest");
    other.start();
    zero.barrier("end", left());
    other.join();
  }
}
