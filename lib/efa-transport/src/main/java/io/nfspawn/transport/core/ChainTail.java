package io.nfspawn.transport.core;

import io.nfspawn.transport.Credit;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is behind one member of a chain: it dials the first of them that lives, sends it what it has
 * not had, and learns from it how far all behind have come. Guarded by its owner.
 */
final class ChainTail {
  /** Number in an END that says: the rest will not come. */
  static final long ABORTED = -1;

  private final String name;
  private final int stream;
  private final ChainLog log;
  private final Deque<Integer> behind;
  private final Map<Integer, String> gone = new TreeMap<>();

  /** Lost further behind, as the successor reports. */
  private final Set<Integer> reported = new TreeSet<>();

  private @Nullable Session session;
  private Credit credit = Credit.DEFAULT;

  /** Number to be sent next, and the first that is not acknowledged. */
  private long next;

  private long acknowledged;
  private long bytesUnderWay;
  private boolean endSent;
  private boolean endSeen;

  ChainTail(String name, int stream, ChainLog log, Collection<Integer> behind) {
    this.name = name;
    this.stream = stream;
    this.log = log;
    this.behind = new ArrayDeque<>(behind);
  }

  /** The member that has to be dialled; null when nobody is left. */
  @Nullable Integer successor() {
    return behind.peek();
  }

  boolean isSuccessor(int rank) {
    return !behind.isEmpty() && behind.getFirst() == rank;
  }

  Map<Integer, String> gone() {
    return gone;
  }

  Set<Integer> lost() {
    Set<Integer> ranks = new TreeSet<>(reported);
    ranks.addAll(gone.keySet());
    return ranks;
  }

  /** How far all behind have come; everything when nobody is there. */
  long acknowledged() {
    return behind.isEmpty() ? Long.MAX_VALUE : acknowledged;
  }

  boolean isEndSeen() {
    return behind.isEmpty() || endSeen;
  }

  void open(Session dialled) {
    dialled.send(Message.of(Message.Type.OPEN, stream, 0, name, ByteBuffer.allocate(0)));
  }

  /** True when what the successor needs is still here. */
  boolean subscribe(Session from, long wanted, Credit granted) {
    if (wanted < log.base() || wanted > log.top()) {
      from.send(
          Message.of(
              Message.Type.END,
              stream,
              ABORTED,
              "item " + wanted + " is not kept any more, the oldest is " + log.base(),
              ByteBuffer.allocate(0)));
      return false;
    }
    session = from;
    credit = granted;
    next = wanted;
    acknowledged = log.base();
    bytesUnderWay = log.bytesBetween(acknowledged, next);
    endSent = false;
    return true;
  }

  void acknowledge(Message message) {
    long upTo = Math.min(message.item(), next);
    if (upTo > acknowledged) {
      bytesUnderWay -= log.bytesBetween(acknowledged, upTo);
      acknowledged = upTo;
    }
    for (ByteBuffer ranks = message.part().duplicate(); ranks.remaining() >= Integer.BYTES; ) {
      reported.add(ranks.getInt());
    }
  }

  void seeEnd(Message message) {
    acknowledge(message);
    endSeen = true;
  }

  /** A member is gone; true when that was the successor and another must be dialled. */
  boolean remove(int rank, String reason) {
    boolean successor = isSuccessor(rank);
    // Who has seen the end may go.
    if (behind.contains(rank) && !(successor && endSeen)) {
      behind.remove(rank);
      gone.put(rank, reason);
      if (successor) {
        session = null;
        acknowledged = log.base();
        endSeen = false;
      }
      return successor;
    }
    return false;
  }

  void onSessionDown(Session down) {
    if (session == down) {
      session = null;
    }
  }

  /** Sends what the successor has room for; {@code total} is -1 before the end is known. */
  void dispatch(long total) {
    Session to = session;
    if (to == null) {
      return;
    }
    for (Item item = log.get(next); item != null; item = log.get(next)) {
      if (!credit.admits(next - acknowledged, bytesUnderWay, item.lengthBytes)) {
        return;
      }
      item.attempt = 1;
      bytesUnderWay += item.lengthBytes;
      next++;
      to.send(item.parts(stream));
    }
    if (total == next && !endSent) {
      endSent = true;
      to.send(Message.of(Message.Type.END, stream, total));
    }
  }

  /** Tells the successor that the stream broke off. */
  void abort(String reason) {
    if (session != null) {
      session.send(Message.of(Message.Type.END, stream, ABORTED, reason, ByteBuffer.allocate(0)));
    }
  }
}
