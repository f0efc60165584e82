package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelClosedException;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One barrier of a name: rank 0 counts, the others report to it and wait. Guarded by itself; the
 * channel's thread sends.
 *
 * <p>Each process counts how often it has passed, from 0. Rank 0 keeps, for each process it has
 * heard of, how far that count is ahead of its own, and speaks to everybody in his own count. So
 * who is new, on either side, takes part in the barrier that is being waited for now:
 *
 * <ul>
 *   <li>A rank that was started again has passed none yet, and waits with the others for the next
 *       one they pass. What its predecessor had entered and not passed is not entered.
 *   <li>A rank 0 that was started again begins a count of its own. Who still waits for the former
 *       one tells it so.
 *   <li>A call that ended in an exception has not passed: the next one waits for the same barrier.
 *       It returns at once if all the others passed it meanwhile, as they may when rank 0 had heard
 *       of this one.
 * </ul>
 *
 * <p>An entry holds as long as the session over which rank 0 heard of it; who still waits then says
 * so again. A loss ends the calls that wait. After that rank 0 refuses until the lost member is
 * there again. If rank 0 itself was lost, the next call says so; the one after that looks for it.
 */
final class BarrierStream implements Stream {
  private static final long TELL_NANOS = 500_000_000;

  private final String name;
  private final int stream;
  private final int ownRank;
  private final int size;
  private final Loop loop;

  /** Own passes begun and not given up: one that was may be passed all the same. */
  private long entered;

  /** Own passes completed, by all. */
  private long passed;

  private Set<Integer> missing = new TreeSet<>();
  private final Map<Integer, String> gone = new TreeMap<>();
  private @Nullable String closed;

  /** Rank 0: every other rank that has come. */
  private final Map<Integer, Place> places = new TreeMap<>();

  private @Nullable Session toZero;
  private boolean told = true;

  /** A call has said that rank 0 was lost, if it was: the next one looks for it. */
  private boolean zeroLossTold;

  private long nextTellNanos;

  /** What rank 0 knows of one process of another rank. */
  private static final class Place {
    final long instance;

    /** Its count minus that of rank 0. */
    final long ahead;

    /** Null while none stands. */
    @Nullable Session session;

    /** It has entered the barrier that is being waited for. */
    boolean here;

    Place(long instance, long ahead) {
      this.instance = instance;
      this.ahead = ahead;
    }
  }

  BarrierStream(String name, int ownRank, int size, Loop loop) {
    this.name = name;
    this.stream = Stream.idOf(Kind.BARRIER, name);
    this.ownRank = ownRank;
    this.size = size;
    this.loop = loop;
  }

  void pass(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    long generation;
    boolean seeks;
    synchronized (this) {
      generation = ++entered;
      told = false;
      seeks = forgetLosses();
      if (ownRank == 0) {
        release();
      }
    }
    if (seeks) {
      loop.execute(() -> loop.seek(0));
    }
    loop.wakeUp();
    synchronized (this) {
      boolean through = false;
      try {
        await(generation, deadline, timeout);
        through = true;
      } finally {
        entered -= through ? 0 : 1;
      }
    }
  }

  /** A new call begins; true when it is to look for rank 0. With the monitor. */
  private boolean forgetLosses() {
    if (ownRank == 0) {
      return false; // Who is gone is known here at any time.
    }
    gone.keySet().retainAll(Set.of(0)); // What rank 0 said it says again, if it is still so.
    return zeroLossTold && gone.remove(0) != null;
  }

  /** With the monitor. */
  private void await(long generation, long deadline, Duration timeout) throws InterruptedException {
    while (passed < generation) {
      if (closed != null) {
        throw new ChannelClosedException("barrier '" + name + "' " + closed);
      }
      if (!gone.isEmpty()) {
        zeroLossTold = true;
        throw new PeerLostException(
            gone.keySet(), "barrier '" + name + "' cannot be passed: " + loop.describe(gone));
      }
      long leftMillis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
      if (leftMillis <= 0) {
        throw new ChannelTimeoutException(
            "barrier '"
                + name
                + "' not passed within "
                + timeout
                + ", missing: "
                + loop.describe(missing.isEmpty() ? Set.of(0) : missing));
      }
      wait(leftMillis);
    }
  }

  // ---- channel's thread -------------------------------------------------------------------

  @Override
  public synchronized void dispatch(long now) {
    boolean waits = entered > passed;
    if (ownRank == 0) {
      if (!gone.isEmpty()) {
        gone.keySet().removeIf(rank -> !loop.isGone(rank));
      }
      if (waits && now - nextTellNanos >= 0) {
        nextTellNanos = now + TELL_NANOS;
        missing = behind();
        tellAll(Message.Type.BARRIER_WAIT, missing);
      }
    } else if (waits && !told && toZero != null) {
      toZero.send(
          Message.of(Message.Type.BARRIER_ENTER, stream, passed + 1, name, ByteBuffer.allocate(0)));
      told = true;
    }
  }

  private void tellAll(Message.Type type, Set<Integer> ranks) {
    places.values().forEach(place -> tell(place, type, ranks));
  }

  private void tell(Place place, Message.Type type, Set<Integer> ranks) {
    if (place.session != null) {
      ByteBuffer part = ByteBuffer.allocate(Integer.BYTES * ranks.size());
      ranks.forEach(part::putInt);
      place.session.send(Message.of(type, stream, passed + place.ahead, name, part.flip()));
    }
  }

  private Set<Integer> behind() {
    Set<Integer> ranks = new TreeSet<>();
    for (int rank = 0; rank < size; rank++) {
      Place place = places.get(rank);
      if (rank == 0 ? entered <= passed : place == null || !place.here) {
        ranks.add(rank);
      }
    }
    return ranks;
  }

  /** Rank 0: lets everybody go on if all are here. */
  private void release() {
    missing = behind();
    if (missing.isEmpty()) {
      passed++;
      places.values().forEach(place -> place.here = false);
      missing = behind();
      tellAll(Message.Type.BARRIER_LEAVE, Set.of());
    }
    notifyAll();
  }

  /** Rank 0: the session's process waits for that one, in its own count. */
  private void enter(Session session, long generation) {
    Place place = places.get(session.rank);
    if (place == null || place.instance != session.instance) {
      place = new Place(session.instance, generation - 1 - passed);
      places.put(session.rank, place);
    }
    place.session = session;
    gone.remove(session.rank);
    if (generation <= passed + place.ahead) {
      tell(place, Message.Type.BARRIER_LEAVE, gone.keySet()); // What it was told before got lost.
      return;
    }
    place.here = true;
    if (!gone.isEmpty()) {
      tell(place, Message.Type.BARRIER_LEAVE, gone.keySet());
    }
    release();
  }

  @Override
  public synchronized void onDialled(Session session) {
    if (session.rank == 0) {
      toZero = session;
      told = false;
      gone.clear();
    }
  }

  @Override
  public synchronized void onMessage(Session session, Message message) {
    if (ownRank == 0) {
      if (message.type() == Message.Type.BARRIER_ENTER) {
        enter(session, message.item());
      }
    } else if (session.rank == 0) {
      hear(message);
    }
  }

  /** What rank 0 says. */
  private void hear(Message message) {
    if (message.type() == Message.Type.BARRIER_WAIT) {
      missing = ranksIn(message);
    } else if (message.type() == Message.Type.BARRIER_LEAVE) {
      if (message.item() > passed) {
        passed = message.item();
        told = false;
      }
      gone.clear();
      ranksIn(message).forEach(rank -> gone.put(rank, "lost, says rank 0"));
      notifyAll();
    }
  }

  private Set<Integer> ranksIn(Message message) {
    Set<Integer> ranks = new TreeSet<>();
    ByteBuffer in = message.part().duplicate();
    while (in.remaining() >= Integer.BYTES) {
      int rank = in.getInt();
      if (rank >= 0 && rank < size) {
        ranks.add(rank);
      }
    }
    return ranks;
  }

  @Override
  public synchronized void onSessionDown(Session session) {
    Place place = places.get(session.rank);
    if (place != null && place.session == session) {
      place.session = null;
      place.here = false;
    }
    if (session == toZero) {
      toZero = null;
    }
  }

  @Override
  public synchronized void onPeerGone(int rank, String reason) {
    if (ownRank == 0 || rank == 0) {
      zeroLossTold = false;
      gone.put(rank, reason);
      tellAll(Message.Type.BARRIER_LEAVE, gone.keySet());
      notifyAll();
    }
  }

  @Override
  public synchronized void onChannelClosed(String cause) {
    closed = cause;
    notifyAll();
  }

  @Override
  public String toString() {
    return "barrier '" + name + "'";
  }
}
