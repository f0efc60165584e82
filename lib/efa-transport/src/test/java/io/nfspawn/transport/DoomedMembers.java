package io.nfspawn.transport;

import static io.nfspawn.transport.TestGang.WAIT;

import io.nfspawn.transport.FreezingWire.Step;
import io.nfspawn.transport.FreezingWire.Way;
import io.nfspawn.transport.core.GangChannel;
import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.fabric.Fabrics;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process of many members, each of which stops at a step of its own. One kill ends them all, each
 * at its step. It prints {@code frozen RANK} for each that got there.
 */
final class DoomedMembers {
  static final int SOURCE = 0;
  static final int COLLECTOR = 1;
  static final int HEIR = 2;
  static final int ITEMS_OF_PRODUCER = 6;
  static final Credit CREDIT = new Credit(4, 8L << 20);

  /** What a doomed member is there for. */
  enum Role {
    /** Takes from rank 0, pushes results to rank 1, acknowledges what rank 1 has. */
    CONSUMER,
    /** The same, from a queue of its own that ends soon. */
    LAST_CONSUMER,
    /** Pushes to rank 1. */
    PRODUCER,
    /** Hands out work to rank 2. */
    SOURCE,
    /** Takes what rank 2 pushes. */
    COLLECTOR,
    /** Meets the others at a barrier. */
    WAITER
  }

  /** One of them, as an argument of the process. */
  record Doomed(int rank, Role role, Step step) {
    static Doomed of(String text) {
      List<String> parts = List.of(text.split(":", 3));
      return new Doomed(
          Integer.parseInt(parts.get(0)), Role.valueOf(parts.get(1)), Step.of(parts.get(2)));
    }

    @Override
    public String toString() {
      return rank + ":" + role + ":" + step;
    }

    String stream() {
      return role + "-" + rank;
    }
  }

  private DoomedMembers() {}

  /** Nobody here counts as lost just because he does not move. */
  static ChannelOptions options(String wire) {
    return ChannelOptions.defaults()
        .withLiveness(Duration.ofMillis(250), Duration.ofSeconds(60), Duration.ofMillis(400))
        .withEncryption(Encryption.OFF)
        .withWire(wire);
  }

  /** Every other one is long enough to be read out of its sender's memory. */
  static ByteBuffer payload(int item) {
    ByteBuffer bytes = ByteBuffer.allocate(item % 2 == 0 ? 100 : 100_000);
    for (int i = 0; i < bytes.capacity(); i += 50) {
      bytes.put(i, (byte) (item + i));
    }
    return bytes;
  }

  /** Arguments: wire, directory, gang, its size, and who is doomed. */
  public static void main(String[] args) {
    for (int i = 4; i < args.length; i++) {
      Doomed doomed = Doomed.of(args[i]);
      int size = Integer.parseInt(args[3]);
      Membership membership =
          Membership.fromEnvironment(
              TestGang.environment(Path.of(args[1]), args[2], 1, size, doomed.rank));
      new Thread(() -> live(doomed, open(doomed, membership, options(args[0])))).start();
    }
  }

  private static void tell(Doomed doomed) {
    System.out.println("frozen " + doomed.rank);
  }

  private static Channel open(Doomed doomed, Membership membership, ChannelOptions options) {
    boolean reads = doomed.step.way() == Way.IN && doomed.step.what().equals("LONG_READ");
    Wire wire =
        reads && options.wire().equals("fabric:shm")
            ? new FabricWire(Fabrics.whereMemoryIsPrivate(), "shm", 1, 1 << 20)
            : WireChoice.open(GangChannel.members(membership), options);
    Wire freezing = FreezingWire.of(wire, doomed.step, () -> tell(doomed));
    return GangChannel.open(membership, options, freezing, System::nanoTime);
  }

  private static void live(Doomed doomed, Channel channel) {
    try {
      switch (doomed.role) {
        case CONSUMER -> work(channel, "items", doomed);
        case LAST_CONSUMER -> work(channel, doomed.stream(), doomed);
        case PRODUCER, SOURCE -> produce(channel, doomed);
        case COLLECTOR -> collect(channel, doomed);
        case WAITER -> channel.barrier("meeting", WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes work, pushes its result, and acknowledges it when the collector has that. */
  static void work(Channel channel, String name, @Nullable Doomed doomed)
      throws InterruptedException {
    WorkConsumer work = channel.workConsumer(name, SOURCE, CREDIT);
    Pusher results = channel.pusher("results", COLLECTOR);
    for (Optional<Delivery> d = work.take(WAIT); d.isPresent(); d = work.take(WAIT)) {
      Delivery item = d.get();
      stopIfTaken(doomed);
      if (isAt(doomed, "UNSUBSCRIBE") || isAt(doomed, "GOODBYE")) {
        work.close(); // What it has goes back.
        channel.close();
        return;
      }
      if (isAt(doomed, "RENEW")) {
        item.renew();
      }
      var unused = results.push(item.key(), item.payload(), WAIT).thenRun(item::ack);
    }
    results.finish(WAIT);
  }

  static void collect(Channel channel, Doomed doomed) throws InterruptedException {
    Puller puller = channel.puller(doomed.stream(), PullOptions.from(Set.of(HEIR)));
    for (Optional<Delivery> d = puller.take(WAIT); d.isPresent(); d = puller.take(WAIT)) {
      stopIfTaken(doomed);
      d.get().ack();
    }
  }

  private static boolean isAt(@Nullable Doomed doomed, String what) {
    return doomed != null && doomed.step.what().equals(what);
  }

  private static void stopIfTaken(@Nullable Doomed doomed) {
    if (doomed != null && isAt(doomed, "TAKEN")) {
      FreezingWire.freeze(() -> tell(doomed));
    }
  }

  /** Keys name the producer, so that whoever comes after it makes the same. */
  static void produce(Channel channel, Doomed doomed) throws InterruptedException {
    Outbox out =
        doomed.role == Role.SOURCE
            ? channel.workSource(doomed.stream(), SourceOptions.to(Set.of(HEIR)))
            : channel.pusher("made", COLLECTOR);
    for (int i = 0; i < ITEMS_OF_PRODUCER; i++) {
      out.put(ItemKey.of("of-" + doomed.rank + "-" + i), payload(i), WAIT);
    }
    out.finish(WAIT);
  }
}
