package io.nfspawn.transport.fabric;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One way to one peer: numbers frames, puts them back in order, bounds how many are under way, and
 * keeps what the peer may still read. Owned by the wire's thread.
 */
final class FabricLink implements Wire.Link {
  /** Frames under way in one direction; a power of two. */
  static final int WINDOW = 32;

  /** Number of this link on this side; never 0. */
  final long id;

  /** The peer's number of it; 0 until it answered. */
  long peerId;

  final FabricAddress peer;
  final boolean dialled;

  /** The peer in each rail's address vector; null until somebody has something to say to it. */
  long @Nullable [] peerNumbers;

  boolean down;

  /** Why the provider cannot send to the peer; empty as long as it can. Ends the link soon. */
  String fault = "";

  /** True when a call that sends to the peer might not return now. */
  BooleanSupplier busy = () -> false;

  /** The peer's memory, where it can be read without libfabric. */
  @Nullable PeerMemory memory;

  /** Long-reads under way from this peer. */
  int activeReads;

  private final Arrival[] arrivals = new Arrival[WINDOW];
  private final Deque<Kept> kept = new ArrayDeque<>();
  private int nextToSend;
  private int acknowledged;
  private int nextToDeliver;
  private int reported;

  /** A frame that is here, or on its way. */
  static final class Arrival {
    Frame frame;
    final @Nullable Landing landing;
    boolean complete;

    Arrival(Frame frame, @Nullable Landing landing, boolean complete) {
      this.frame = frame;
      this.landing = landing;
      this.complete = complete;
    }

    /** True when what landed is the frame itself. */
    boolean isFrameAway() {
      return frame.lengthBytes() == 0;
    }
  }

  /** What the peer may read until it has received frame {@code sequence}. */
  private record Kept(int sequence, Runnable released) {}

  FabricLink(long id, long peerId, FabricAddress peer, boolean dialled) {
    this.id = id;
    this.peerId = peerId;
    this.peer = peer;
    this.dialled = dialled;
  }

  @Override
  public String describe() {
    return "fabric " + peer.host() + ":" + peer.port();
  }

  // ---- sending ------------------------------------------------------------------------------

  boolean hasRoom() {
    return nextToSend - acknowledged < WINDOW;
  }

  /** Number of the next frame. */
  int nextToSend() {
    return nextToSend;
  }

  /** The frame of that number went out; {@code released} runs when the peer has received it. */
  void sent(@Nullable Runnable released) {
    if (released != null) {
      kept.add(new Kept(nextToSend, released));
    }
    nextToSend++;
  }

  /** The peer has received every frame before {@code received}; false when that cannot be. */
  boolean acknowledge(int received) {
    if (received - acknowledged < 0) {
      return true; // Older than what is known: messages are not ordered.
    }
    if (received - nextToSend > 0) {
      return false;
    }
    acknowledged = received;
    while (!kept.isEmpty() && kept.peek().sequence - received < 0) {
      kept.remove().released.run();
    }
    return true;
  }

  /** True when the peer has not said of every frame that it has it. */
  boolean isUnacknowledged() {
    return nextToSend != acknowledged;
  }

  /** What is to be released once nobody can read it any more. */
  Deque<Runnable> takeKept() {
    Deque<Runnable> all = new ArrayDeque<>();
    kept.forEach(k -> all.add(k.released));
    kept.clear();
    return all;
  }

  // ---- receiving ----------------------------------------------------------------------------

  /** True when a frame of this number may come. */
  boolean expects(int sequence) {
    int ahead = sequence - nextToDeliver;
    return ahead >= 0 && ahead < WINDOW && arrivals[sequence & (WINDOW - 1)] == null;
  }

  /** True when a frame of this number is the next one, which counts as delivered then. */
  boolean takeAtOnce(int sequence) {
    boolean next = sequence == nextToDeliver;
    nextToDeliver += next ? 1 : 0;
    return next;
  }

  void arrived(int sequence, Arrival arrival) {
    arrivals[sequence & (WINDOW - 1)] = arrival;
  }

  /** The next frame in order if it is complete. */
  @Nullable Arrival takeNext() {
    int place = nextToDeliver & (WINDOW - 1);
    Arrival next = arrivals[place];
    if (next == null || !next.complete) {
      return null;
    }
    arrivals[place] = null;
    nextToDeliver++;
    return next;
  }

  /** Everything that has not been delivered. */
  Deque<Arrival> takeAll() {
    Deque<Arrival> all = new ArrayDeque<>();
    for (int i = 0; i < WINDOW; i++) {
      if (arrivals[i] != null) {
        all.add(arrivals[i]);
        arrivals[i] = null;
      }
    }
    return all;
  }

  /** Frames received so far. */
  int received() {
    return nextToDeliver;
  }

  /** The peer was told that {@code frames} were received. */
  void reported(int frames) {
    reported = frames;
  }

  /** Frames received that the peer was not told of. */
  int unreported() {
    return nextToDeliver - reported;
  }
}
