package io.nfspawn.transport.fabric;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One way to one peer: numbers frames, puts them back in order, bounds how many are under way, and
 * keeps what the peer may still read. Owned by the wire's thread.
 */
final class FabricLink implements Wire.Link {
  /** Frames under way in one direction; a power of two. */
  static final int WINDOW = 64;

  /** Of these, frames for which the peer reads memory of this side, which is held so long. */
  static final int FAR_WINDOW = 32;

  /** Number of this link on this side; never 0. */
  final long id;

  /** The peer's number of it; 0 until it answered. */
  long peerId;

  final FabricAddress peer;
  final boolean dialled;

  /** The peer in each rail's address vector; null until somebody has something to say to it. */
  long @Nullable [] peerNumbers;

  boolean down;

  /** When an accepted link was first answered. */
  long keptNanos;

  /** The peer has proved itself: what it announces may be read. */
  private boolean trusted;

  /** The peer has what proves this side: it reads what is announced to it. */
  private boolean heard;

  /** Number of the frame that proves this side, if this side dialled. */
  private int proof;

  /** Frames under way either way: one at a time from who dialled, until he has proved himself. */
  private int sendWindow;

  private int receiveWindow;

  /** Why the provider cannot send to the peer; empty as long as it can. Ends the link soon. */
  String fault = "";

  /** True when a call that sends to the peer might not return now. */
  BooleanSupplier busy = () -> false;

  /** The peer's memory, where it can be read without libfabric. */
  @Nullable PeerMemory memory;

  /** Long-reads under way from this peer. */
  int activeReads;

  /** By their numbers, as {@link #kept}. */
  private final Arrival[] arrivals = new Arrival[WINDOW];

  /** What to run when the peer has received that frame and reads nothing for it any more. */
  private final @Nullable Runnable[] kept = new Runnable[WINDOW];

  private int farUnderWay;
  private int nextToSend;
  private int acknowledged;
  private int nextToDeliver;
  private int reported;

  /** A frame that is here, or on its way; its place is used again by others. */
  static final class Arrival {
    private @Nullable Frame frame;
    private @Nullable Landing landing;
    private boolean complete;

    /** What came with it has been read. */
    void complete() {
      complete = true;
    }

    private void clear() {
      frame = null;
      landing = null;
      complete = false;
    }
  }

  FabricLink(long id, long peerId, FabricAddress peer, boolean dialled) {
    this.id = id;
    this.peerId = peerId;
    this.peer = peer;
    this.dialled = dialled;
    this.sendWindow = dialled ? 1 : WINDOW;
    this.receiveWindow = dialled ? WINDOW : 1;
    for (int i = 0; i < WINDOW; i++) {
      arrivals[i] = new Arrival();
    }
  }

  @Override
  public String describe() {
    return "fabric " + peer.host() + ":" + peer.port();
  }

  // ---- trust --------------------------------------------------------------------------------

  /** The peer has proved itself; who dialled proves himself with the frame that goes out next. */
  void trust() {
    if (!trusted) {
      trusted = true;
      receiveWindow = WINDOW;
      proof = nextToSend;
      heard = !dialled;
    }
  }

  boolean isTrusted() {
    return trusted;
  }

  // ---- sending ------------------------------------------------------------------------------

  boolean hasRoom() {
    return nextToSend - acknowledged < sendWindow;
  }

  /** As {@link #hasRoom}, for a frame for which the peer has to read memory of this side. */
  boolean hasRoomForFar() {
    return heard && farUnderWay < FAR_WINDOW && hasRoom();
  }

  /** Number of the next frame. */
  int nextToSend() {
    return nextToSend;
  }

  /** The next frame went out, all of it in one message. */
  void sent() {
    nextToSend++;
  }

  /** The next frame went out; {@code released} runs when the peer has read what it is told of. */
  void sentFar(Runnable released) {
    kept[nextToSend & (WINDOW - 1)] = released;
    farUnderWay++;
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
    while (acknowledged - received < 0) {
      int place = acknowledged & (WINDOW - 1);
      Runnable released = kept[place];
      kept[place] = null;
      acknowledged++; // Before it runs: it may send the frame that takes this place.
      if (released != null) {
        farUnderWay--;
        released.run();
      }
    }
    if (!heard && trusted && acknowledged - proof > 0) {
      heard = true;
      sendWindow = WINDOW;
    }
    return true;
  }

  /** True when the peer has not said of every frame that it has it. */
  boolean isUnacknowledged() {
    return nextToSend != acknowledged;
  }

  /** What is to be released once nobody can read it any more. */
  List<Runnable> takeKept() {
    List<Runnable> all = new ArrayList<>();
    for (int frame = acknowledged; frame != nextToSend; frame++) {
      int place = frame & (WINDOW - 1);
      Runnable released = kept[place];
      kept[place] = null;
      if (released != null) {
        all.add(released);
      }
    }
    return all;
  }

  // ---- receiving ----------------------------------------------------------------------------

  /** True when a frame of this number may come. */
  boolean expects(int sequence) {
    int ahead = sequence - nextToDeliver;
    return ahead >= 0 && ahead < receiveWindow && arrivals[sequence & (WINDOW - 1)].frame == null;
  }

  /** True when a frame of this number is the next one, which counts as delivered then. */
  boolean takeAtOnce(int sequence) {
    boolean next = sequence == nextToDeliver;
    nextToDeliver += next ? 1 : 0;
    return next;
  }

  /** A frame that is not the next one, or, with a landing, not complete. */
  Arrival arrived(int sequence, Frame frame, @Nullable Landing landing) {
    Arrival arrival = arrivals[sequence & (WINDOW - 1)];
    arrival.frame = frame;
    arrival.landing = landing;
    arrival.complete = landing == null;
    return arrival;
  }

  private Arrival next() {
    return arrivals[nextToDeliver & (WINDOW - 1)];
  }

  /** True when the next frame in order is complete. */
  boolean hasNext() {
    return next().complete;
  }

  /** What came with the next frame; to be asked for before {@link #takeNext}. */
  @Nullable Landing nextLanding() {
    return next().landing;
  }

  /** The next frame, which {@linkplain #hasNext is complete}. */
  Frame takeNext() {
    Arrival next = next();
    Frame frame = Objects.requireNonNull(next.frame);
    next.clear();
    nextToDeliver++;
    return frame;
  }

  /** Lets go of everything that has not been delivered. */
  void forgetArrivals() {
    for (Arrival arrival : arrivals) {
      Landing landing = arrival.landing;
      arrival.clear();
      if (landing != null) {
        landing.release();
      }
    }
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
