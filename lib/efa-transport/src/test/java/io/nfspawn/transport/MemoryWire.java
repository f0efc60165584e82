package io.nfspawn.transport;

import io.nfspawn.transport.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Frames through queues of this process, with faults from a seed: frames that get lost, come twice
 * or come changed.
 */
final class MemoryWire implements Wire {
  private static final int QUEUED_FRAMES = 64;
  private static final Map<String, MemoryWire> LISTENING = new ConcurrentHashMap<>();
  private static final AtomicLong NAMES = new AtomicLong();

  /**
   * How often a frame suffers, in thousandths.
   *
   * @param seed of the dice
   */
  record Faults(int lost, int doubled, int changed, long seed) {
    static final Faults NONE = new Faults(0, 0, 0, 0);
  }

  /** One connection seen from one side. */
  private record Side(
      String name, Queue<byte[]> out, Queue<byte[]> in, MemoryWire there, boolean[] broken)
      implements Link {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public String describe() {
      return name;
    }
  }

  private final Faults faults;
  private final Random dice;
  private final List<Side> sides = new ArrayList<>();
  private final Semaphore wakeUps = new Semaphore(0);
  private String endpoint = "";

  MemoryWire(Faults faults) {
    this.faults = faults;
    this.dice = new Random(faults.seed);
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String bind(String host) {
    endpoint = "memory://" + NAMES.incrementAndGet();
    LISTENING.put(endpoint, this);
    return endpoint;
  }

  @Override
  public Link dial(String target) {
    Queue<byte[]> there = new ArrayBlockingQueue<>(QUEUED_FRAMES);
    Queue<byte[]> back = new ArrayBlockingQueue<>(QUEUED_FRAMES);
    boolean[] broken = new boolean[1];
    MemoryWire peer = LISTENING.get(target);
    Side side = new Side(target, there, back, peer, broken);
    synchronized (sides) {
      sides.add(side);
    }
    if (peer != null) {
      peer.accept(new Side("from " + endpoint, back, there, this, broken));
    } else {
      broken[0] = true;
    }
    return side;
  }

  private void accept(Side side) {
    synchronized (sides) {
      sides.add(side);
    }
  }

  @Override
  public Sent send(Link link, byte[] frame) {
    Side side = (Side) link;
    if (side.broken[0]) {
      return Sent.UNREACHABLE;
    }
    int roll = dice.nextInt(1000);
    if (roll < faults.lost) {
      return Sent.ACCEPTED;
    }
    byte[] sent = frame;
    if (roll >= 1000 - faults.changed && frame.length > 0) {
      sent = frame.clone();
      sent[dice.nextInt(sent.length)] ^= 4;
    }
    if (!side.out.offer(sent)) {
      return Sent.BACK_PRESSURE;
    }
    if (roll < faults.lost + faults.doubled) {
      // A frame is decrypted in place, so its double must be of its own.
      side.out.offer(frame.clone());
    }
    side.there.wakeUp();
    return Sent.ACCEPTED;
  }

  @Override
  public void drop(Link link) {
    Side side = (Side) link;
    side.broken[0] = true;
    synchronized (sides) {
      sides.remove(side);
    }
  }

  @Override
  public int poll(Receiver receiver, int limit) {
    List<Side> now;
    synchronized (sides) {
      now = List.copyOf(sides);
    }
    int received = 0;
    for (Side side : now) {
      for (byte[] frame = side.in.poll(); frame != null; frame = side.in.poll()) {
        received++;
        receiver.onFrame(side, frame);
      }
      if (side.broken[0]) {
        synchronized (sides) {
          sides.remove(side);
        }
        receiver.onLinkDown(side);
      }
    }
    return received;
  }

  @Override
  public void park(long nanos) {
    try {
      if (wakeUps.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        wakeUps.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void wakeUp() {
    wakeUps.release();
  }

  @Override
  public void close(int lingerMillis) {
    LISTENING.remove(endpoint);
    synchronized (sides) {
      // What was sent stays for the other side to read; then it finds the connection broken.
      sides.forEach(side -> side.broken[0] = true);
      sides.clear();
    }
  }
}
