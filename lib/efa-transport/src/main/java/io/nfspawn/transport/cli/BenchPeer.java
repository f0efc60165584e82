package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.WorkConsumer;
import java.util.Optional;
import java.util.Set;

/** The other process: takes work, then sends back what it pulls. */
final class BenchPeer {
  static final String ITEMS = "items";
  static final String PING = "ping";
  static final String PONG = "pong";
  private final Channel channel;

  BenchPeer(Channel channel) {
    this.channel = channel;
  }

  void run() throws InterruptedException {
    Puller pings = channel.puller(PING, PullOptions.from(Set.of(0)));
    Pusher pongs = channel.pusher(PONG, 0);
    try (WorkConsumer work = channel.workConsumer(ITEMS, 0, new Credit(1024, 16L << 20))) {
      for (Optional<Delivery> next = work.take(BenchCommand.WAIT);
          next.isPresent();
          next = work.take(BenchCommand.WAIT)) {
        next.get().ack();
      }
    }
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
}
