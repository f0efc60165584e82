package io.nfspawn.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.Encryption;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.Member;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.Offer;
import io.nfspawn.transport.PullOptions.OnLoss;
import io.nfspawn.transport.WireChoice;
import io.nfspawn.transport.fabric.ffi.Libfabric;
import io.nfspawn.transport.frame.Handshake;
import io.nfspawn.transport.wire.Wire;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an item costs in memory of the heap: both ends of a work queue stepped by one thread, so
 * that all of it is counted and no time is measured. What is left are the delivery at its receiver,
 * its share of the frame it came in, and what is remembered of its key on both sides.
 */
@Tag("long")
class AllocationTest {
  /** A delivery that the application may keep. */
  private static final int MOST_BYTES_A_SHORT_ITEM = 130;

  /** Nothing, but for turns of the loops with something for them to write down. */
  private static final int MOST_BYTES_A_DRAINED_ITEM = 8;

  private static final int MOST_BYTES_A_DRAINED_ITEM_OF_ZMQ = 64;

  @TempDir Path directory;
  private final List<Wire> wires = new ArrayList<>();
  private final List<ChannelLoop> loops = new ArrayList<>();
  private int nextKey;
  private boolean drains;
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long exceptedBytes;

  @AfterEach
  void closeWires() {
    wires.forEach(Wire::close);
  }

  @Test
  void shouldAllocateLittleForEachItemOfZmqWhenItIsWarm() throws Exception {
    open("zmq");
    OutboxStream outbox = outbox();
    InboxStream inbox = inbox();
    ByteBuffer payload = ByteBuffer.allocateDirect(64);
    drains = true;
    carry(outbox, inbox, payload, 60_000);
    long drainedBytes = carry(outbox, inbox, payload, 20_000);
    System.out.println("zmq drained %d bytes an item".formatted(drainedBytes));
    assertThat(drainedBytes).isLessThanOrEqualTo(MOST_BYTES_A_DRAINED_ITEM_OF_ZMQ);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fabric:shm", "fabric:tcp"})
  void shouldAllocateLittleForEachItemOfFabricWhenItIsWarm(String wire) throws Exception {
    assumeTrue(Libfabric.probe().isAvailable(), () -> Libfabric.probe().absence());
    open(wire);
    OutboxStream outbox = outbox();
    InboxStream inbox = inbox();
    ByteBuffer shortPayload = ByteBuffer.allocateDirect(64);
    var pool = java.util.Objects.requireNonNull(wires.get(0).pool(4 << 20));
    ByteBuffer longPayload = java.util.Objects.requireNonNull(pool.tryAcquire(64 << 10)).buffer();
    carry(outbox, inbox, shortPayload, 40_000);
    long shortBytes = carry(outbox, inbox, shortPayload, 20_000);
    drains = true;
    carry(outbox, inbox, longPayload, 60_000);
    carry(outbox, inbox, shortPayload, 20_000);
    long drainedBytes = carry(outbox, inbox, shortPayload, 20_000);
    long longBytes = carry(outbox, inbox, longPayload, 5_000);
    System.out.println(
        "%s allocated %d, drained %d, long %d bytes an item"
            .formatted(wire, shortBytes, drainedBytes, longBytes));
    assertThat(shortBytes).isLessThan(MOST_BYTES_A_SHORT_ITEM);
    assertThat(drainedBytes).isLessThan(MOST_BYTES_A_DRAINED_ITEM);
    assertThat(longBytes).isLessThan(MOST_BYTES_A_DRAINED_ITEM);
  }

  /** Bytes allocated for each item, from its offer to its acknowledgement. */
  private long carry(OutboxStream outbox, InboxStream inbox, ByteBuffer payload, int items)
      throws InterruptedException {
    ItemKey[] keys = new ItemKey[items];
    for (int i = 0; i < items; i++) {
      keys[i] = ItemKey.of(Integer.toString(nextKey++));
    }
    exceptedBytes = 0;
    long before = allocatedBytes();
    int offered = 0;
    for (int taken = 0; taken < items || outbox.unacknowledged() > 0; ) {
      while (offered < items && outbox.offer(keys[offered], payload) == Offer.ACCEPTED) {
        offered++;
      }
      loops.forEach(ChannelLoop::doWork);
      taken += drains ? drain(inbox) : poll(inbox);
    }
    return (allocatedBytes() - before - exceptedBytes) / items;
  }

  private long allocatedBytes() {
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** All that is here, each a delivery that the caller may keep. */
  private static int poll(InboxStream inbox) {
    int polled = 0;
    for (Delivery next = inbox.poll(); next != null; next = inbox.poll()) {
      next.ack();
      polled++;
    }
    return polled;
  }

  /** All that is here; what is thrown when nothing is does not count. */
  private int drain(InboxStream inbox) throws InterruptedException {
    long before = allocatedBytes();
    try {
      return inbox.drain(1024, Duration.ZERO, item -> {});
    } catch (ChannelTimeoutException e) {
      exceptedBytes += allocatedBytes() - before;
      return 0;
    }
  }

  private OutboxStream outbox() {
    OutboxStream outbox =
        new OutboxStream(
            new OutboxStream.Setup(
                Stream.Kind.QUEUE,
                "items",
                Set.of(1),
                new Credit(1024, 64L << 20),
                Long.MAX_VALUE / 4,
                Long.MAX_VALUE / 4,
                1 << 30,
                wires.get(0).attachFromBytes()),
            loops.get(0));
    loops.get(0).register(Stream.idOf(Stream.Kind.QUEUE, "items"), outbox, -1);
    return outbox;
  }

  private InboxStream inbox() {
    InboxStream inbox =
        new InboxStream(
            new InboxStream.Setup(
                Stream.Kind.QUEUE,
                "items",
                Set.of(0),
                new Credit(1024, 16L << 20),
                OnLoss.FAIL,
                1 << 30),
            loops.get(1));
    loops.get(1).register(Stream.idOf(Stream.Kind.QUEUE, "items"), inbox, 0);
    return inbox;
  }

  private void open(String name) throws IOException {
    announce("{}", "{}");
    ChannelOptions options =
        ChannelOptions.defaults().withWire(name).withEncryption(Encryption.OFF);
    String[] endpoints = new String[2];
    for (int rank = 0; rank < 2; rank++) {
      Membership membership = membership(rank);
      List<Member> members = GangChannel.members(membership);
      Wire wire = WireChoice.open(members, options);
      wires.add(wire);
      endpoints[rank] = "{\"" + wire.name() + "\":\"" + wire.bind("127.0.0.1") + "\"}";
      Handshake handshake =
          new Handshake(membership.key(), membership.gang(), membership.epoch(), rank, false);
      loops.add(new ChannelLoop(membership, options, wire, handshake, System::nanoTime, members));
    }
    announce(endpoints);
  }

  private Membership membership(int rank) {
    Path own = directory.resolve(String.valueOf(rank));
    return Membership.fromEnvironment(
        Map.of(
            "SPAWN_GANG", "local",
            "SPAWN_ROLE", "test",
            "SPAWN_RANK", String.valueOf(rank),
            "SPAWN_EPOCH", "1",
            "SPAWN_SIZE", "2",
            "SPAWN_MEMBERS", own.resolve("members.json").toString(),
            "SPAWN_CHANNEL_KEY", own.resolve("channel.key").toString()));
  }

  private void announce(String... endpoints) throws IOException {
    String member = "{\"rank\":%d,\"role\":\"test\",\"host\":\"127.0.0.1\",\"endpoints\":%s}";
    String members = member.formatted(0, endpoints[0]) + "," + member.formatted(1, endpoints[1]);
    for (int rank = 0; rank < 2; rank++) {
      Path own = Files.createDirectories(directory.resolve(String.valueOf(rank)));
      Files.writeString(own.resolve("channel.key"), "00".repeat(32));
      Files.writeString(
          own.resolve("members.json"),
          "{\"gang\":\"local\",\"epoch\":1,\"members\":[" + members + "]}");
    }
  }
}
