package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.frame.Handshake;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A member with the right key that talks nonsense harms nobody but itself. */
@ExtendWith(LeakDetector.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class InsiderTest {
  private static final int MOST_PARTS_BYTES = 100;
  private static final int FRAMES_A_SESSION = 20;
  private static final int MOST_CONNECTIONS = 3;

  @TempDir Path directory;

  /** Rank 2, by hand. */
  private static final class Madman {
    private final ZContext context;
    private final String endpoint;
    private final Handshake handshake;
    private ZMQ.Socket socket;
    private Handshake.SessionCiphers ciphers;
    private long sequence;

    Madman(ZContext context, Membership membership, String endpoint) {
      this.context = context;
      this.endpoint = endpoint;
      handshake = new Handshake(membership.key(), membership.gang(), 1, 2, true);
      socket = RawDealer.connect(context, endpoint, handshake.hello(0));
    }

    void shakeHands() {
      byte[] hello = handshake.hello(0);
      byte[] frame = welcome(hello);
      for (int i = 0; frame == null && i < MOST_CONNECTIONS; i++) {
        // As any dialler: a ticket is good for one connection, and connections break.
        socket.close();
        socket = RawDealer.connect(context, endpoint, handshake.hello(0));
        hello = handshake.hello(0);
        frame = welcome(hello);
      }
      assertThat(frame).as("WELCOME").isNotNull();
      ciphers = handshake.dialerCiphers(hello, frame);
      sequence = 0;
      say(List.of(Message.of(Message.Type.KEEP_ALIVE)));
    }

    private byte @Nullable [] welcome(byte[] hello) {
      assertThat(socket.send(hello)).isTrue();
      byte[] frame = socket.recv();
      while (frame != null && frame[3] != 2) { // What is left of the session before.
        frame = socket.recv();
      }
      return frame;
    }

    void say(List<Message> messages) {
      byte[] frame = ciphers.outgoing().seal(1, 2, ciphers.session(), sequence++, messages, false);
      assertThat(socket.send(frame)).isTrue();
    }
  }

  @Test
  void shouldStandTenThousandSealedFramesOfNonsense() throws Exception {
    long seed = Long.getLong("spawn.seed", 43L);
    int frames = Boolean.getBoolean("spawn.soak") ? 1_000_000 : 10_000;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (TestGang gang = new TestGang(directory, 3, 1);
        ZContext context = new ZContext()) {
      Channel source = gang.track(Channel.open(gang.membership(0), ChannelContract.FAST));
      WorkSource work = source.workSource("items", SourceOptions.to(Set.of(1, 2)));
      Puller puller =
          source.puller(
              "results", PullOptions.from(Set.of(1, 2)).withOnLoss(PullOptions.OnLoss.CONTINUE));
      Broadcaster out = source.broadcaster("reference", BroadcastOptions.to(Set.of(1, 2)));
      Channel member = gang.track(Channel.open(gang.membership(1), ChannelContract.FAST));
      WorkConsumer consumer = member.workConsumer("items", 0, Credit.DEFAULT);
      Pusher pusher = member.pusher("results", 0);
      String text = Files.readString(gang.directory(0).resolve("address.json")).strip();
      Madman madman =
          new Madman(
              context,
              gang.membership(2),
              text.substring(text.indexOf("tcp:"), text.indexOf('"', text.indexOf("tcp:"))));
      int[] streams = {
        streamOf("QUEUE:items"),
        streamOf("PUSH:results"),
        streamOf("BROADCAST:reference"),
        streamOf("BARRIER:b"),
        0
      };
      for (int i = 0; i < frames; i++) {
        if (i % FRAMES_A_SESSION == 0) {
          madman.shakeHands();
        }
        madman.say(List.of(nonsense(random, streams), nonsense(random, streams)));
        if (i % (frames / 50) == 0) {
          ItemKey key = ItemKey.of("k" + i);
          var unused = pusher.push(key, ByteBuffer.allocate(10), WAIT);
          Delivery pushed = puller.take(WAIT).orElseThrow();
          while (!pushed.key().equals(key)) { // His own: a member may push what it likes.
            pushed.ack();
            pushed = puller.take(WAIT).orElseThrow();
          }
          pushed.ack();
        }
      }
      assertThat(out.unacknowledged()).isZero();
      // Rank 2 says what it likes about its own credit, so items may go to it until it is gone.
      context.close();
      work.put(ItemKey.of("last"), ByteBuffer.allocate(10), WAIT);
      consumer.take(WAIT).orElseThrow().ack();
    }
  }

  private static int streamOf(String name) {
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  private static Message nonsense(Random random, int[] streams) {
    Message.Type[] types = Message.Type.values();
    byte[] key = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(40)];
    random.nextBytes(key);
    byte[] part = new byte[random.nextInt(MOST_PARTS_BYTES)];
    random.nextBytes(part);
    int offset = random.nextInt(3) == 0 ? random.nextInt() : 0;
    int total = random.nextInt(3) == 0 ? random.nextInt() : offset + part.length;
    return new Message(
        types[random.nextInt(types.length)],
        random.nextInt(1 << 16),
        streams[random.nextInt(streams.length)],
        random.nextInt(),
        random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(5),
        total,
        offset,
        ByteBuffer.wrap(key),
        ByteBuffer.wrap(part),
        null);
  }
}
