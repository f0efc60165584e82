package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.SourceOptions;
import io.nfspawn.transport.WorkSource;
import java.nio.ByteBuffer;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** The measuring process: hands out work, then plays ping-pong. */
final class BenchRun {
  private static final int MOST_ROUND_TRIPS = 20_000;
  private static final long LONGEST_NANOS = 60_000_000_000L;

  private final Channel channel;
  private final int sizeBytes;
  private final int messages;
  private final ByteBuffer payload;

  BenchRun(Channel channel, int sizeBytes, int messages) {
    this.channel = channel;
    this.sizeBytes = sizeBytes;
    this.messages = messages;
    this.payload = ByteBuffer.allocateDirect(sizeBytes);
  }

  BenchFigures run() throws InterruptedException {
    double perSecond = throughput();
    Histogram halves = roundTrips();
    String wire = channel.wire();
    int colon = wire.indexOf(':');
    return new BenchFigures(
        colon < 0 ? wire : wire.substring(0, colon),
        wire.substring(colon < 0 ? wire.length() : colon + 1),
        sizeBytes,
        perSecond * sizeBytes / 1e6,
        halves.getValueAtPercentile(50) / 1e3,
        halves.getValueAtPercentile(99) / 1e3,
        perSecond);
  }

  private double throughput() throws InterruptedException {
    SourceOptions how = SourceOptions.to(Set.of(1)).withQueue(new Credit(1024, 64L << 20));
    try (WorkSource source = channel.workSource(BenchPeer.ITEMS, how)) {
      int warmUp = messages / 5;
      long start = 0;
      for (int i = 0; i < messages; i++) {
        if (i == warmUp) {
          start = System.nanoTime();
        }
        source.put(ItemKey.of(Integer.toString(i)), payload.duplicate(), BenchCommand.WAIT);
      }
      source.finish(BenchCommand.WAIT);
      return (messages - warmUp) / ((System.nanoTime() - start) / 1e9);
    }
  }

  private Histogram roundTrips() throws InterruptedException {
    Histogram halves = new Histogram(LONGEST_NANOS, 3);
    int trips = Math.min(messages, MOST_ROUND_TRIPS);
    try (Pusher pings = channel.pusher(BenchPeer.PING, 1);
        Puller pongs = channel.puller(BenchPeer.PONG, PullOptions.from(Set.of(1)))) {
      for (int i = 0; i < trips; i++) {
        long sent = System.nanoTime();
        pings.put(ItemKey.of(Integer.toString(i)), payload.duplicate(), BenchCommand.WAIT);
        Delivery pong = pongs.take(BenchCommand.WAIT).orElseThrow();
        if (i >= trips / 5) {
          halves.recordValue(Math.min(LONGEST_NANOS, (System.nanoTime() - sent) / 2));
        }
        pong.ack();
      }
      pings.finish(BenchCommand.WAIT);
      pongs.take(BenchCommand.WAIT);
    }
    return halves;
  }
}
