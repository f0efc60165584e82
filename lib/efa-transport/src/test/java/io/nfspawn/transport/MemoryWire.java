package io.nfspawn.transport;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
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

  /** A frame, a copy of what was attached to it, and when it arrives. */
  private record Carried(byte[] frame, ByteBuffer attached, long dueNanos) {
    boolean isDue() {
      return System.nanoTime() - dueNanos >= 0;
    }
  }

  /** Counts its holders; its bytes become useless when the last one lets go. */
  private static final class Copy implements Attachment {
    private final ByteBuffer bytes;
    private int holders = 1;

    Copy(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    @Override
    public ByteBuffer bytes() {
      return bytes;
    }

    @Override
    public synchronized void retain() {
      if (holders++ == 0) {
        throw new IllegalStateException("attachment was released");
      }
    }

    @Override
    public synchronized void release() {
      if (--holders == 0) {
        ATTACHED.decrementAndGet();
        for (int i = 0; i < bytes.capacity(); i++) {
          bytes.put(i, (byte) 0xee);
        }
      } else if (holders < 0) {
        throw new IllegalStateException("attachment was released twice");
      }
    }
  }

  /** Attachments that somebody holds. */
  static final AtomicLong ATTACHED = new AtomicLong();

  /** One connection seen from one side. */
  private record Side(
      String name, Queue<Carried> out, Queue<Carried> in, MemoryWire there, boolean[] broken)
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
  private final int attachFromBytes;
  private final Random dice;
  private final List<Side> sides = new ArrayList<>();
  private final Semaphore wakeUps = new Semaphore(0);
  private String endpoint = "";

  /** How long each frame sent from here travels. */
  private volatile long delayNanos;

  private volatile boolean mute;

  MemoryWire(Faults faults) {
    this(faults, Integer.MAX_VALUE);
  }

  /**
   * @param attachFromBytes length of the shortest payload that is attached
   */
  MemoryWire(Faults faults, int attachFromBytes) {
    this.attachFromBytes = attachFromBytes;
    this.faults = faults;
    this.dice = new Random(faults.seed);
  }

  /** What is sent from here takes so long from now on. */
  MemoryWire slow(Duration delay) {
    delayNanos = delay.toNanos();
    return this;
  }

  /** What is sent from here arrives nowhere from now on. */
  void mute() {
    mute = true;
  }

  /** Connections that stand. */
  int links() {
    synchronized (sides) {
      return sides.size();
    }
  }

  private Carried carried(byte[] frame, ByteBuffer attached) {
    return new Carried(frame, attached, System.nanoTime() + delayNanos);
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
    Queue<Carried> there = new ArrayBlockingQueue<>(QUEUED_FRAMES);
    Queue<Carried> back = new ArrayBlockingQueue<>(QUEUED_FRAMES);
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
    if (mute || roll < faults.lost) {
      return Sent.ACCEPTED;
    }
    byte[] sent = frame;
    if (roll >= 1000 - faults.changed && frame.length > 0) {
      sent = frame.clone();
      sent[dice.nextInt(sent.length)] ^= 4;
    }
    if (!side.out.offer(carried(sent, null))) {
      return Sent.BACK_PRESSURE;
    }
    if (roll < faults.lost + faults.doubled) {
      // A frame is decrypted in place, so its double must be of its own.
      side.out.offer(carried(frame.clone(), null));
    }
    side.there.wakeUp();
    return Sent.ACCEPTED;
  }

  @Override
  public int attachFromBytes() {
    return attachFromBytes;
  }

  @Override
  public Sent send(Link link, byte[] frame, ByteBuffer payload, Runnable released) {
    Side side = (Side) link;
    ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip();
    if (side.broken[0]) {
      return Sent.UNREACHABLE;
    }
    if (!side.out.offer(carried(frame, copy))) {
      return Sent.BACK_PRESSURE;
    }
    side.there.wakeUp();
    released.run();
    return Sent.ACCEPTED;
  }

  @Override
  public RegisteredBuffer scratch(int lengthBytes) {
    ByteBuffer memory = ByteBuffer.allocate(lengthBytes);
    return new RegisteredBuffer() {
      @Override
      public ByteBuffer buffer() {
        return memory;
      }

      @Override
      public void close() {}
    };
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
      for (Carried next = side.in.peek(); next != null && next.isDue(); next = side.in.peek()) {
        side.in.remove();
        received++;
        Frame frame = receiver.room(next.frame.length);
        System.arraycopy(next.frame, 0, frame.bytes(), 0, next.frame.length);
        if (next.attached == null) {
          receiver.onFrame(side, frame);
        } else {
          ATTACHED.incrementAndGet();
          receiver.onFrame(side, frame, new Copy(next.attached));
        }
      }
      if (side.broken[0] && side.in.isEmpty()) {
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
