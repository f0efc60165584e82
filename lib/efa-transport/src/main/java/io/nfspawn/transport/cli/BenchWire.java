package io.nfspawn.transport.cli;

import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.Member;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.WireChoice;
import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.FramePool;
import io.nfspawn.transport.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The bare wire, one thread on each side: ping-pong as fi_pingpong plays it, then frames one way.
 * Payloads that the wire attaches are attached. Bandwidth is that of the ping-pong.
 */
final class BenchWire implements Wire.Receiver, AutoCloseable {
  private static final int HEAD_BYTES = 32;
  private static final int LAST = 1;
  private static final int ECHO = 2;
  private static final int COUNT = 3;
  private static final int POLL_LIMIT = 32;
  private static final int MOST_ROUND_TRIPS = 200_000;
  private static final int WATCH_EVERY = 1000;
  private static final int IDLE_POLLS = 50;
  private static final int MOST_IDLE_BYTES = 1 << 20;
  private static final int LEAST_WARM_UP = 10;

  private final int rank;
  private final int sizeBytes;
  private final int messages;
  private final long warmUpNanos;
  private final Wire wire;
  private final Membership membership;
  private final boolean attached;
  private final ByteBuffer payload;
  private Wire.@Nullable Link link;
  private final byte[] head;
  private final FramePool frames = new FramePool(MOST_IDLE_BYTES);
  private final Allocations allocations = new Allocations();
  private int lastKind;
  private int arrived;
  private int counted;
  private int polls;
  private int idlePolls;

  BenchWire(
      Membership membership, ChannelOptions options, int sizeBytes, int messages, Duration warmUp)
      throws IOException {
    this.membership = membership;
    this.rank = membership.rank();
    this.sizeBytes = sizeBytes;
    this.messages = messages;
    this.warmUpNanos = warmUp.toNanos();
    List<Member> members = GangChannel.members(membership);
    this.wire = WireChoice.open(members, options);
    this.attached = sizeBytes >= wire.attachFromBytes();
    this.payload = ByteBuffer.allocateDirect(sizeBytes);
    this.head = new byte[attached ? HEAD_BYTES : sizeBytes];
    String endpoint = wire.bind(members.get(rank).host());
    Path file = membership.membersFile().resolveSibling("address.json");
    Path part = file.resolveSibling("address.part");
    Files.writeString(part, "{\"" + wire.name() + "\":\"" + endpoint + "\"}");
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Frame room(int lengthBytes) {
    return frames.take(lengthBytes);
  }

  @Override
  public void onFrame(Wire.Link from, Frame frame) {
    if (link != from) {
      link = from;
      wire.trust(from);
    }
    lastKind = frame.bytes()[0];
    arrived++;
    counted += lastKind == COUNT ? 1 : 0;
    frame.releaseInTurn(1);
  }

  @Override
  public void onFrame(Wire.Link from, Frame frame, Wire.Attachment attachment) {
    attachment.release();
    onFrame(from, frame);
  }

  @Override
  public void onLinkDown(Wire.Link down) {
    if (lastKind != LAST) {
      throw new ChannelException("bench: the other process is gone");
    }
  }

  /** The other side: sends back until it is told that this was the last. */
  void echo() {
    int answered = 0;
    while (lastKind != LAST) {
      poll();
      if (counted == messages) {
        counted = 0;
        send(COUNT);
        answered = arrived;
      }
      if (lastKind == ECHO && arrived > answered) {
        answered = arrived;
        send(ECHO);
      }
    }
  }

  BenchFigures run() throws InterruptedException {
    link = dial();
    Histogram halves = new Histogram(60_000_000_000L, 3);
    int trips = Math.min(messages, MOST_ROUND_TRIPS);
    warmUp();
    // All of them together first, as fi_pingpong does it: to ask the time of each takes a while.
    double perTransfer = roundTrips(trips) / 2e9 / trips;
    for (int i = 0; i < trips; i++) {
      long sent = System.nanoTime();
      pingPong();
      halves.recordValue((System.nanoTime() - sent) / 2);
    }
    allocations.start();
    double rate = oneWay();
    double allocated = (double) allocations.bytes() / messages;
    send(LAST);
    String described = wire.description();
    int colon = described.indexOf(':');
    return new BenchFigures(
        wire.name(),
        colon < 0 ? "" : described.substring(colon + 1),
        sizeBytes,
        sizeBytes / perTransfer / 1e6,
        perTransfer * 1e6,
        halves.getValueAtPercentile(50) / 1e3,
        halves.getValueAtPercentile(99) / 1e3,
        rate,
        allocated);
  }

  private void warmUp() {
    long start = System.nanoTime();
    do {
      roundTrips(LEAST_WARM_UP);
    } while (System.nanoTime() - start < warmUpNanos / 2);
    while (System.nanoTime() - start < warmUpNanos) {
      oneWay();
    }
  }

  private Wire.Link dial() throws InterruptedException {
    Optional<String> endpoint = Optional.empty();
    while (endpoint.isEmpty()) {
      Thread.sleep(2);
      endpoint = GangChannel.members(membership).get(1).endpoint(wire.name());
    }
    Wire.Link dialled = wire.dial(endpoint.get());
    wire.trust(dialled);
    // Short frames until the link stands: one that dials, one that would prove us.
    for (int i = 0; i < 2; i++) {
      byte[] hello = new byte[HEAD_BYTES];
      hello[0] = ECHO;
      int before = arrived;
      while (wire.send(dialled, hello) != Wire.Sent.ACCEPTED) {
        poll();
      }
      awaitArrivals(before + 1);
    }
    return dialled;
  }

  /** So many, one after the other; nanoseconds. */
  private long roundTrips(int count) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      pingPong();
    }
    return System.nanoTime() - start;
  }

  private void pingPong() {
    int before = arrived;
    send(ECHO);
    awaitArrivals(before + 1);
  }

  /** Frames a second, from the first to the word that all have come. */
  private double oneWay() {
    int before = arrived;
    long start = System.nanoTime();
    for (int i = 0; i < messages; i++) {
      send(COUNT);
    }
    awaitArrivals(before + 1);
    return messages / ((System.nanoTime() - start) / 1e9);
  }

  private void awaitArrivals(int count) {
    while (arrived < count) {
      poll();
    }
  }

  private void poll() {
    if (++polls % WATCH_EVERY == 0) {
      wire.watch(System.nanoTime());
    }
    if (wire.poll(this, POLL_LIMIT) > 0) {
      idlePolls = 0;
    } else if (wire.isPolled() || ++idlePolls < IDLE_POLLS) {
      Thread.onSpinWait();
    } else {
      wire.park(1_000_000);
    }
  }

  private void send(int kind) {
    boolean attach = attached && kind != LAST;
    head[0] = (byte) kind;
    Wire.Link to = link;
    while (to != null) {
      Wire.Sent sent =
          attach
              ? wire.send(to, head, head.length, payload, BenchWire::released)
              : wire.send(to, head, head.length);
      if (sent == Wire.Sent.ACCEPTED) {
        return;
      }
      if (sent == Wire.Sent.UNREACHABLE) {
        throw new ChannelException("bench: the other process is gone");
      }
      poll();
    }
  }

  private static void released() {}

  @Override
  public void close() {
    wire.close(1000);
  }
}
