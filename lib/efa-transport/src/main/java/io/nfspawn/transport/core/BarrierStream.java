package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelClosedException;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One barrier of a name: rank 0 counts, the others report to it and wait. Guarded by itself; the
 * channel's thread sends.
 */
final class BarrierStream implements Stream {
  private static final long TELL_NANOS = 500_000_000;

  private final String name;
  private final int stream;
  private final int ownRank;
  private final int size;
  private final Loop loop;

  /** Own passes begun and completed. */
  private long entered;

  private long passed;
  private Set<Integer> missing = new TreeSet<>();
  private final Map<Integer, String> gone = new TreeMap<>();
  private @Nullable String closed;

  /** Rank 0: the generation each rank stands at, and its session. */
  private final Map<Integer, Long> generations = new TreeMap<>();

  private final Map<Integer, Session> sessions = new HashMap<>();
  private @Nullable Session toZero;
  private boolean told = true;
  private long nextTellNanos;

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
    synchronized (this) {
      generation = ++entered;
      told = false;
      if (ownRank == 0) {
        enter(0, generation);
      }
    }
    loop.wakeUp();
    synchronized (this) {
      while (passed < generation) {
        if (closed != null) {
          throw new ChannelClosedException("barrier '" + name + "' " + closed);
        }
        if (!gone.isEmpty()) {
          throw new PeerLostException(
              gone.keySet(), "barrier '" + name + "' cannot be passed: " + loop.describe(gone));
        }
        long leftMillis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
        if (leftMillis <= 0) {
          entered--;
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
  }

  // ---- channel's thread -------------------------------------------------------------------

  @Override
  public synchronized void dispatch(long now) {
    if (ownRank == 0) {
      if (passed < entered && now - nextTellNanos >= 0) {
        nextTellNanos = now + TELL_NANOS;
        missing = behind();
        sessions.forEach((rank, session) -> tell(session, Message.Type.BARRIER_WAIT, missing));
      }
    } else if (!told && toZero != null) {
      toZero.send(
          Message.of(Message.Type.BARRIER_ENTER, stream, entered, name, ByteBuffer.allocate(0)));
      told = true;
    }
  }

  private void tell(Session session, Message.Type type, Set<Integer> ranks) {
    ByteBuffer part = ByteBuffer.allocate(Integer.BYTES * ranks.size());
    ranks.forEach(part::putInt);
    session.send(Message.of(type, stream, passed, name, part.flip()));
  }

  private Set<Integer> behind() {
    Set<Integer> ranks = new TreeSet<>();
    for (int rank = 0; rank < size; rank++) {
      if (generations.getOrDefault(rank, 0L) <= passed) {
        ranks.add(rank);
      }
    }
    return ranks;
  }

  private void enter(int rank, long generation) {
    generations.merge(rank, generation, Math::max);
    while (behind().isEmpty()) {
      passed++;
      sessions.values().forEach(each -> tell(each, Message.Type.BARRIER_LEAVE, Set.of()));
    }
    missing = behind();
    notifyAll();
  }

  @Override
  public synchronized void onDialled(Session session) {
    if (session.rank == 0) {
      toZero = session;
      told = entered == passed;
    }
  }

  @Override
  public synchronized void onMessage(Session session, Message message) {
    switch (message.type()) {
      case BARRIER_ENTER -> {
        sessions.put(session.rank, session);
        gone.remove(session.rank);
        enter(session.rank, message.item());
        if (message.item() <= passed) {
          tell(session, Message.Type.BARRIER_LEAVE, Set.of());
        } else if (!gone.isEmpty()) {
          tell(session, Message.Type.BARRIER_LEAVE, gone.keySet());
        }
      }
      case BARRIER_LEAVE -> {
        passed = Math.max(passed, message.item());
        for (int rank : ranksIn(message)) {
          gone.put(rank, "lost, says rank 0");
        }
        notifyAll();
      }
      case BARRIER_WAIT -> missing = ranksIn(message);
      default -> {}
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
    sessions.remove(session.rank, session);
    if (session == toZero) {
      toZero = null;
    }
  }

  @Override
  public synchronized void onPeerGone(int rank, String reason) {
    boolean needed = ownRank == 0 ? generations.getOrDefault(rank, 0L) <= passed : rank == 0;
    if (needed && (ownRank != 0 || passed < entered || generations.size() > 0)) {
      gone.put(rank, reason);
      if (ownRank == 0) {
        sessions.values().forEach(s -> tell(s, Message.Type.BARRIER_LEAVE, gone.keySet()));
      }
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
