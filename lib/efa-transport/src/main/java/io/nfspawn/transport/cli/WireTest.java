package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
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
 * @param limit longest wait for any step
 */
record WireTest(String host, String wire, Duration limit) {
  private static final int PAYLOAD_BYTES = 256 << 10;

  /**
   * @throws ChannelException what did not work
   */
  void run() throws IOException, InterruptedException {
    ChannelOptions options = ChannelOptions.defaults().withWire(wire).withJoinTimeout(limit);
    try (LocalGang gang = new LocalGang(host, 2);
        Channel zero = Channel.open(gang.membership(0), options);
        Channel one = Channel.open(gang.membership(1), options)) {
      gang.introduce(limit);
      check(zero, one);
    }
  }

  private void check(Channel zero, Channel one) throws InterruptedException {
    WorkSource source = zero.workSource("items", SourceOptions.to(Set.of(1)));
    WorkConsumer consumer = one.workConsumer("items", 0, Credit.DEFAULT);
    Puller puller = zero.puller("results", PullOptions.from(Set.of(1)));
    Pusher pusher = one.pusher("results", 0);
    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
    source.put(ItemKey.of("item"), payload, limit);
    Delivery item = consumer.take(limit).orElseThrow();
    CompletableFuture<ItemKey> taken = pusher.push(item.key(), item.payload(), limit);
    Delivery result = puller.take(limit).orElseThrow();
    if (!result.payload().equals(payload)) {
      throw new ChannelException("the payload came back changed");
    }
    result.ack();
    try {
      taken.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ChannelException("no acknowledgement came back", e);
    }
    item.ack();
    source.finish(limit);
    pusher.finish(limit);
    Thread other =
        new Thread(
            () -> {
              try {
                one.barrier("end", limit);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "spawn-channel-selftest");
    other.start();
    zero.barrier("end", limit);
    other.join();
  }
}
