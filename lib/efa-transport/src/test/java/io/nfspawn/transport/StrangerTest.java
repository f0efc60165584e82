package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nfspawn.transport.fabric.ffi.Libfabric;
import io.nfspawn.transport.frame.Handshake;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Who is not a member gets nothing, harms nothing and is named once. */
@ExtendWith(LeakDetector.class)
@Tag("long")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StrangerTest {
  private static final ChannelOptions IMPATIENT =
      ChannelContract.FAST.withJoinTimeout(Duration.ofMillis(700));

  @TempDir Path directory;
  private final List<ChannelEvent> events = new CopyOnWriteArrayList<>();

  private Channel source(TestGang gang) {
    return source(gang, "zmq");
  }

  private Channel source(TestGang gang, String wire) {
    assumeTrue(wire.equals("zmq") || Libfabric.probe().isAvailable(), Libfabric.probe().absence());
    Channel channel =
        gang.track(Channel.open(gang.membership(0), ChannelContract.FAST.withWire(wire)));
    channel.onEvent(events::add);
    return channel;
  }

  private static String endpoint(TestGang gang) throws IOException {
    String text = Files.readString(gang.directory(0).resolve("address.json")).strip();
    return text.substring(text.indexOf("tcp:"), text.length() - 2);
  }

  private void expectRefused(String reason) {
    await()
        .atMost(WAIT)
        .untilAsserted(
            () ->
                assertThat(events)
                    .filteredOn(e -> e instanceof ChannelEvent.StrangerRefused)
                    .anyMatch(e -> e.toString().contains(reason)));
  }

  /** A gang of its own directory whose members file points at the other gang's rank 0. */
  private void dialFrom(TestGang gang, String wire, Membership stranger, String reason)
      throws Exception {
    String endpoints = Files.readString(gang.directory(0).resolve("address.json")).strip();
    String endpoint = endpoints.substring(endpoints.indexOf(":\"") + 2, endpoints.length() - 2);
    String members =
        "{\"gang\":\"%s\",\"epoch\":%d,\"members\":[%s,%s]}"
            .formatted(
                stranger.gang(),
                stranger.epoch(),
                "{\"rank\":0,\"host\":\"127.0.0.1\",\"endpoints\":%s}".formatted(endpoints),
                "{\"rank\":1,\"host\":\"127.0.0.1\"}");
    Files.writeString(stranger.membersFile(), members);
    try (Channel channel = Channel.open(stranger, IMPATIENT.withWire(wire))) {
      WorkConsumer consumer = channel.workConsumer("items", 0, Credit.DEFAULT);
      assertThatThrownBy(() -> consumer.take(WAIT))
          .isInstanceOf(PeerLostException.class)
          .hasMessageContaining("did not answer at " + endpoint)
          .hasMessageContaining("SPAWN_CHANNEL_KEY");
    }
    expectRefused(reason);
  }

  private Membership stranger(String gang, int epoch, byte[] key) throws IOException {
    Path own = Files.createTempDirectory(directory, "stranger");
    return new Membership(
        gang, "test", 1, epoch, 2, own.resolve("members.json"), ChannelKey.of(key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zmq", "fabric:shm", "fabric:tcp"})
  void shouldRefuseWrongKeyEpochAndGang(String wire) throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 1)) {
      WorkSource work = source(gang, wire).workSource("items", SourceOptions.to(Set.of(1)));
      work.put(ItemKey.of("secret"), ByteBuffer.allocate(100), WAIT);
      Membership member = gang.membership(1);
      byte[] key = member.key().bytes();
      dialFrom(
          gang, wire, stranger(member.gang(), 1, new byte[32]), "proof of the gang's key is wrong");
      dialFrom(gang, wire, stranger("other", 1, key), "proof of the gang's key is wrong");
      dialFrom(gang, wire, stranger(member.gang(), 2, key), "epoch 2, ours is 1");
      assertThat(work.redelivered()).isZero();
      assertThat(events).noneMatch(e -> e instanceof ChannelEvent.PeerJoined);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zmq", "fabric:shm", "fabric:tcp"})
  void shouldRefuseSecondProcessOfOneRank(String wire) throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 2)) {
      WorkSource work = source(gang, wire).workSource("items", SourceOptions.to(Set.of(1)));
      Channel first =
          gang.track(Channel.open(gang.membership(1), ChannelContract.FAST.withWire(wire)));
      WorkConsumer real = first.workConsumer("items", 0, Credit.DEFAULT);
      await().atMost(WAIT).until(() -> !events.isEmpty());
      Channel second =
          gang.track(Channel.open(gang.membership(1), ChannelContract.FAST.withWire(wire)));
      WorkConsumer impostor = second.workConsumer("items", 0, Credit.DEFAULT);
      assertThatThrownBy(() -> impostor.take(WAIT))
          .isInstanceOf(PeerLostException.class)
          .hasMessageContaining("rank 1 is taken by another process that is alive");
      expectRefused("rank 1 is taken by another process");
      work.put(ItemKey.of("a"), ByteBuffer.allocate(1), WAIT);
      real.take(WAIT).orElseThrow().ack();
      work.finish(WAIT);
    }
  }

  @Test
  void shouldKeepNothingOfStrangerWithoutTicket() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 5);
        ZContext context = new ZContext()) {
      WorkSource work = source(gang).workSource("items", SourceOptions.to(Set.of(1)));
      Membership member = gang.membership(1);
      byte[] used = new Handshake(member.key(), member.gang(), 1, 1, true).hello(0);
      ZMQ.Socket first = RawDealer.connect(context, endpoint(gang), used);
      assertThat(fill(first)).as("a ticket admits").isGreaterThan(100);
      List<byte[]> tickets = List.of(used, new byte[96], new byte[0]);
      for (byte[] ticket : tickets) {
        ZMQ.Socket stranger = RawDealer.connect(context, endpoint(gang), ticket);
        assertThat(fill(stranger)).as("frames that left the stranger").isLessThanOrEqualTo(10);
      }
      ZMQ.Socket plainless = context.createSocket(SocketType.DEALER);
      plainless.setHWM(10);
      plainless.connect(endpoint(gang));
      assertThat(fill(plainless)).isLessThanOrEqualTo(10);
      expectRefused("ticket was shown before");
      expectRefused("not a frame of this channel");
      expectCarries(gang, work);
    }
  }

  /** Frames that a socket gets rid of until nothing moves for half a second; at most 200. */
  private static int fill(ZMQ.Socket socket) {
    socket.setSendTimeOut(500);
    int sent = 0;
    while (sent < 200 && socket.send(new byte[60_000])) {
      sent++;
    }
    return sent;
  }

  private void expectCarries(TestGang gang, WorkSource work) throws Exception {
    Channel member = gang.track(Channel.open(gang.membership(1), ChannelContract.FAST));
    WorkConsumer consumer = member.workConsumer("items", 0, Credit.DEFAULT);
    work.put(ItemKey.of("a"), ByteBuffer.allocate(10), WAIT);
    consumer.take(WAIT).orElseThrow().ack();
    work.finish(WAIT);
  }

  @Test
  void shouldHangUpOnPeersOfOldProtocols() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 6)) {
      WorkSource work = source(gang).workSource("items", SourceOptions.to(Set.of(1)));
      URI address = URI.create(endpoint(gang));
      for (String greeting :
          List.of("ff00000000000000017f0105", "ff00000000000000017f0005", "0100")) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
          socket.setSoTimeout((int) WAIT.toMillis());
          socket
              .getOutputStream()
              .write(HexFormat.of().parseHex(greeting + "0000" + "0005aabbccddee"));
          socket.getOutputStream().write(new byte[100]);
          assertThat(socket.getInputStream().readAllBytes().length).isLessThan(100);
        } catch (SocketException e) {
          assertThat(e).hasMessageContaining("reset");
        }
      }
      expectCarries(gang, work);
    }
  }

  @Test
  void shouldStandTenThousandMalformedFramesOfOneWithTicket() throws Exception {
    long seed = Long.getLong("spawn.seed", 42L);
    int mutants = Boolean.getBoolean("spawn.soak") ? 1_000_000 : 10_000;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (TestGang gang = new TestGang(directory, 2, 3);
        ZContext context = new ZContext()) {
      WorkSource work = source(gang).workSource("items", SourceOptions.to(Set.of(1)));
      Channel member = gang.track(Channel.open(gang.membership(1), ChannelContract.FAST));
      WorkConsumer consumer = member.workConsumer("items", 0, Credit.DEFAULT);
      ZMQ.Socket stranger =
          RawDealer.connect(
              context,
              endpoint(gang),
              new Handshake(member.membership().key(), member.membership().gang(), 1, 1, true)
                  .hello(0));
      byte[] sample = sample(random);
      for (int i = 0; i < mutants; i++) {
        byte[] frame = mutate(sample, random);
        assertThat(stranger.send(frame, random.nextInt(20) == 0 ? ZMQ.SNDMORE : 0)).isTrue();
        if (i % (mutants / 100) == 0) {
          work.put(ItemKey.of("k" + i), ByteBuffer.allocate(1000), WAIT);
          consumer.take(WAIT).orElseThrow().ack();
        }
      }
      stranger.send(new byte[0]);
      work.finish(WAIT);
      assertThat(work.redelivered()).isZero();
      long refusals =
          events.stream().filter(e -> e instanceof ChannelEvent.StrangerRefused).count();
      assertThat(refusals).as("rate-limited").isBetween(1L, 20L);
    }
  }

  private static byte[] sample(Random random) {
    byte[] frame = new byte[96];
    random.nextBytes(frame);
    ByteBuffer.wrap(frame).putShort((short) 0x4E53).put((byte) 1).put((byte) 1).putInt(0).putInt(1);
    ByteBuffer.wrap(frame).putInt(12, 1).putInt(32, 0).putInt(36, 1);
    return frame;
  }

  private static byte[] mutate(byte[] sample, Random random) {
    byte[] frame = Arrays.copyOf(sample, random.nextInt(200));
    for (int i = random.nextInt(6); i > 0 && frame.length > 0; i--) {
      frame[random.nextInt(frame.length)] = (byte) random.nextInt();
    }
    if (frame.length > 3 && random.nextBoolean()) {
      frame[3] = (byte) (1 + random.nextInt(3));
    }
    return frame;
  }

  @Test
  void shouldStandGarbageBelowZmtp() throws Exception {
    try (TestGang gang = new TestGang(directory, 2, 4)) {
      WorkSource work = source(gang).workSource("items", SourceOptions.to(Set.of(1)));
      URI address = URI.create(endpoint(gang));
      Random random = new Random(4);
      for (int i = 0; i < 50; i++) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
          byte[] garbage = new byte[random.nextInt(5000)];
          random.nextBytes(garbage);
          socket.getOutputStream().write(garbage);
        } catch (IOException e) {
          // Cut off while still writing: just what it deserves.
          assertThat(e).isNotNull();
        }
      }
      Channel member = gang.track(Channel.open(gang.membership(1), ChannelContract.FAST));
      WorkConsumer consumer = member.workConsumer("items", 0, Credit.DEFAULT);
      work.put(ItemKey.of("a"), ByteBuffer.allocate(10), WAIT);
      consumer.take(WAIT).orElseThrow().ack();
      work.finish(WAIT);
    }
  }
}
