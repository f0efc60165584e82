package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.WorkConsumer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/** The other process: takes work, then sends back what it pulls. */
final class BenchPeer {
  static final String ITEMS = "items";
  static final int WARM_UP_PARTS = 6;
  static final String PING = "ping";
  static final String PONG = "pong";

  /** Under way, and as many that wait: with fewer short ones both sides wait for each other. */
  static final int MOST_ITEMS = 4096;

  private static final int MOST_AT_ONCE = 256;

  private final Channel channel;
  private final Allocations allocations = new Allocations();

  BenchPeer(Channel channel) {
    this.channel = channel;
  }

  /** Name of the queue of a part of the warm-up. */
  static String warmUp(int part) {
    return "warm-up" + part + "-";
  }

  /**
   * @param messages how many items will be measured
   */
  void run(String round, int messages) throws InterruptedException {
    Puller pings = channel.puller(PING + round, PullOptions.from(Set.of(0)));
    Pusher pongs = channel.pusher(PONG + round, 0);
    for (int part = 0; part < WARM_UP_PARTS; part++) {
      takeAll(warmUp(part) + round, Integer.MAX_VALUE);
    }
    tell(pongs, takeAll(ITEMS + round, messages / 2));
    for (Optional<Delivery> ping = pings.take(BenchCommand.WAIT);
        ping.isPresent();
        ping = pings.take(BenchCommand.WAIT)) {
      // Not acknowledged before it was sent back: the payload is the channel's until then.
      var sent = pongs.push(ping.get().key(), ping.get().payload(), BenchCommand.WAIT);
      Delivery done = ping.get();
      var unused = sent.thenRun(done::ack);
    }
    pongs.finish(BenchCommand.WAIT);
  }

  /** Takes and acknowledges until the end; what that allocated after so many. */
  private long takeAll(String name, int uncounted) throws InterruptedException {
    try (WorkConsumer work = channel.workConsumer(name, 0, new Credit(MOST_ITEMS, 16L << 20))) {
      int taken = 0;
      for (int more = 1; more > 0; taken += more) {
        more = work.drain(MOST_AT_ONCE, BenchCommand.WAIT, item -> {});
        if (taken < uncounted && taken + more >= uncounted) {
          allocations.start();
        }
      }
      return allocations.bytes();
    }
  }

  private static void tell(Pusher pongs, long allocatedBytes) throws InterruptedException {
    ByteBuffer payload = ByteBuffer.allocate(Long.BYTES).putLong(0, allocatedBytes);
    pongs.put(ItemKey.of("allocated"), payload, BenchCommand.WAIT);
  }
}
