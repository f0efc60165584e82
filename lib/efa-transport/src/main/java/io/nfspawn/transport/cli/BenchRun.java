package io.nfspawn.transport.cli;

import io.nfspawn.transport.Channel;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.PullOptions;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.Pusher;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.SourceOptions;
import io.nfspawn.transport.WorkSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** The measuring process: hands out work, then plays ping-pong. */
final class BenchRun {
  private static final int MOST_ROUND_TRIPS = 20_000;
  private static final int MOST_TRIP_BYTES = 256 << 20;
  private static final long LONGEST_NANOS = 60_000_000_000L;
  private static final long LONGEST_ROUND_NANOS = 3_000_000_000L;

  private static final int KEYS_AT_ONCE = 1024;
  private static final int LEAST_WARM_UP = 10;

  /** Of this size a wire that attaches payloads already does so. */
  private static final int SHORT_BYTES = 16 << 10;

  private final Channel channel;
  private final String round;
  private final int sizeBytes;
  private final int messages;
  private final long warmUpNanos;
  private final ByteBuffer payload;
  private final Allocations allocations = new Allocations();
  private long allocatedBytes;

  BenchRun(Channel channel, String round, int sizeBytes, int messages, Duration warmUp) {
    this.channel = channel;
    this.round = round;
    this.sizeBytes = sizeBytes;
    this.messages = messages;
    this.warmUpNanos = warmUp.toNanos();
    RegisteredBuffer memory = channel.buffers().tryAcquire(sizeBytes);
    this.payload = memory == null ? ByteBuffer.allocateDirect(sizeBytes) : memory.buffer();
  }

  BenchFigures run() throws InterruptedException {
    warmUp();
    double perSecond = throughput();
    Histogram halves = roundTrips();
    String wire = channel.wire();
    int colon = wire.indexOf(':');
    return new BenchFigures(
        colon < 0 ? wire : wire.substring(0, colon),
        wire.substring(colon < 0 ? wire.length() : colon + 1),
        sizeBytes,
        perSecond * sizeBytes / 1e6,
        halves.getMean() / 1e3,
        halves.getValueAtPercentile(50) / 1e3,
        halves.getValueAtPercentile(99) / 1e3,
        perSecond,
        (double) allocatedBytes / (messages - messages / 2));
  }

  private WorkSource source(String name) {
    SourceOptions how =
        SourceOptions.to(Set.of(1)).withQueue(new Credit(BenchPeer.MOST_ITEMS, 64L << 20));
    return channel.workSource(name + round, how);
  }

  /**
   * Queues of their own, whose ends tell the other side; several, since what is called for the
   * first time when one ends makes a JVM compile again what it had compiled before. Short items
   * come first: it compiles what was called often enough, and of long ones too few go in seconds.
   */
  private void warmUp() throws InterruptedException {
    for (int part = 0; part < BenchPeer.WARM_UP_PARTS; part++) {
      boolean isShort = part < BenchPeer.WARM_UP_PARTS / 2;
      warmUp(part, payload.slice(0, isShort ? Math.min(sizeBytes, SHORT_BYTES) : sizeBytes));
    }
  }

  private void warmUp(int part, ByteBuffer item) throws InterruptedException {
    long end = System.nanoTime() + warmUpNanos / BenchPeer.WARM_UP_PARTS;
    try (WorkSource source = source(BenchPeer.warmUp(part))) {
      for (int i = 0; i < LEAST_WARM_UP || System.nanoTime() - end < 0; i++) {
        source.put(ItemKey.of(Integer.toString(i)), item, BenchCommand.WAIT);
      }
      source.finish(BenchCommand.WAIT);
    }
  }

  private double throughput() throws InterruptedException {
    try (WorkSource source = source(BenchPeer.ITEMS)) {
      ItemKey[] keys = {};
      long start = System.nanoTime();
      for (int i = 0; i < messages; i++) {
        if (i == messages / 2) {
          allocations.start(); // Until then the queue makes what it uses again and again.
        }
        if (i % KEYS_AT_ONCE == 0) {
          int from = i;
          keys = allocations.except(() -> keys(from));
        }
        source.put(keys[i % KEYS_AT_ONCE], payload, BenchCommand.WAIT);
      }
      allocatedBytes = allocations.bytes();
      source.finish(BenchCommand.WAIT);
      return messages / ((System.nanoTime() - start) / 1e9);
    }
  }

  private static ItemKey[] keys(int from) {
    ItemKey[] keys = new ItemKey[KEYS_AT_ONCE];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = ItemKey.of(Integer.toString(from + i));
    }
    return keys;
  }

  private Histogram roundTrips() throws InterruptedException {
    Histogram halves = new Histogram(LONGEST_NANOS, 3);
    int trips = Math.min(messages, Math.min(MOST_ROUND_TRIPS, MOST_TRIP_BYTES / sizeBytes + 50));
    try (Pusher pings = channel.pusher(BenchPeer.PING + round, 1);
        Puller pongs = channel.puller(BenchPeer.PONG + round, PullOptions.from(Set.of(1)))) {
      Delivery told = pongs.take(BenchCommand.WAIT).orElseThrow();
      allocatedBytes += told.payload().getLong();
      told.ack();
      long end = System.nanoTime() + LONGEST_ROUND_NANOS;
      for (int i = 0; i < trips && System.nanoTime() - end < 0; i++) {
        long sent = System.nanoTime();
        pings.put(ItemKey.of(Integer.toString(i)), payload, BenchCommand.WAIT);
        Delivery pong = pongs.take(BenchCommand.WAIT).orElseThrow();
        if (i >= trips / 5 || sent - end > -LONGEST_ROUND_NANOS / 2) {
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
