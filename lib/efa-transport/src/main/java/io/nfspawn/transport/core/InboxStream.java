package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelClosedException;
import io.nfspawn.transport.ChannelTimeoutException;
import io.nfspawn.transport.Credit;
import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.PullOptions.OnLoss;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.WorkConsumer;
import io.nfspawn.transport.frame.MalformedFrameException;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import io.nfspawn.transport.wire.Copies;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receiving side of work queue and push: tells senders its credit, drops what it had before, and
 * acknowledges what the application is done with. Guarded by itself; the channel's thread sends.
 */
final class InboxStream implements Stream, WorkConsumer, Puller {
  private static final Logger log = LoggerFactory.getLogger(InboxStream.class);

  /**
   * What makes one inbox differ from another.
   *
   * @param expected ranks that may send
   * @param credit what each may have under way
   */
  record Setup(
      Kind kind, String name, Set<Integer> expected, Credit credit, OnLoss onLoss, int mostBytes) {}

  private final Setup setup;
  private final int stream;
  private final Loop loop;
  private final int[] expectedRanks;
  private final Map<Integer, Sender> senders = new TreeMap<>();
  private final Map<Integer, String> gone = new TreeMap<>();
  private final SeenKeys<Received> known = new SeenKeys<>();
  private final Deque<Received> ready = new ArrayDeque<>();
  private final Answers answers = new Answers();
  private final Assembly assembly = new Assembly();
  private long duplicates;
  private @Nullable String closed;

  /** Who is in {@link #take}. */
  private final Waiters takers;

  InboxStream(Setup setup, Loop loop) {
    this.setup = setup;
    this.stream = Stream.idOf(setup.kind, setup.name);
    this.loop = loop;
    this.takers = new Waiters(this, loop);
    this.expectedRanks = setup.expected.stream().mapToInt(Integer::intValue).toArray();
  }

  // ---- application ------------------------------------------------------------------------

  @Override
  public synchronized @Nullable Delivery poll() {
    checkOpen();
    Delivery next = ready.poll();
    if (next == null && !isFinished()) {
      checkSenders();
    }
    return next;
  }

  @Override
  public Optional<Delivery> take(Duration timeout) throws InterruptedException {
    long deadline = 0;
    while (true) {
      int seen = takers.count();
      synchronized (this) {
        Delivery next = poll();
        if (next != null) {
          return Optional.of(next);
        }
        if (isFinished()) {
          return Optional.empty();
        }
      }
      deadline = deadline == 0 ? System.nanoTime() + timeout.toNanos() : deadline;
      if (!takers.await(seen, deadline, Long.MAX_VALUE)) {
        throw new ChannelTimeoutException(
            this
                + " got nothing within "
                + timeout
                + ", waiting for "
                + loop.describe(unfinished()));
      }
    }
  }

  @Override
  public synchronized boolean isFinished() {
    return ready.isEmpty() && !awaitsMore();
  }

  private boolean awaitsMore() {
    for (int rank : expectedRanks) {
      Sender sender = senders.get(rank);
      boolean lost = setup.onLoss == OnLoss.CONTINUE && gone.containsKey(rank);
      if ((sender == null || !sender.ended) && !lost) {
        return true;
      }
    }
    return false;
  }

  /** Ranks more may come from. */
  private synchronized Set<Integer> unfinished() {
    Set<Integer> ranks = new TreeSet<>(setup.expected);
    senders.values().stream().filter(s -> s.ended).forEach(s -> ranks.remove(s.rank));
    if (setup.onLoss == OnLoss.CONTINUE) {
      ranks.removeAll(gone.keySet());
    }
    return ranks;
  }

  private void checkSenders() {
    if (setup.onLoss == OnLoss.FAIL && !gone.isEmpty()) {
      throw new PeerLostException(
          gone.keySet(), this + " lost " + loop.describe(gone) + " before the end of the stream");
    }
  }

  private void checkOpen() {
    if (closed != null) {
      throw new ChannelClosedException(this + " " + closed);
    }
  }

  @Override
  public synchronized Set<Integer> lostSenders() {
    return Set.copyOf(gone.keySet());
  }

  @Override
  public synchronized long duplicates() {
    return duplicates;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed != null) {
        return;
      }
      shut("has been closed");
      senders.values().forEach(s -> answers.add(s, Message.Type.UNSUBSCRIBE, 0));
    }
    loop.execute(
        () -> {
          dispatch(0);
          loop.unregister(stream, this);
        });
  }

  private void shut(String why) {
    closed = why;
    ready.forEach(Received::release);
    ready.clear();
    takers.tell();
  }

  // ---- of its items -----------------------------------------------------------------------

  /** Something to be said to a sender, in the session it has then. */
  void answer(Sender to, Message.Type type, long item) {
    answers.add(to, type, item);
  }

  void done(Received item) {
    known.close(item.keyFirst, item.keySecond);
  }

  void giveBack(ByteBuffer memory) {
    assembly.giveBack(memory);
  }

  void wakeLoop() {
    loop.wakeUp();
  }

  // ---- channel's thread -------------------------------------------------------------------

  @Override
  public synchronized void dispatch(long now) {
    answers.send(stream);
  }

  @Override
  public synchronized void onDialled(Session session) {
    if (setup.kind == Kind.QUEUE && setup.expected.contains(session.rank)) {
      subscribe(session);
    }
  }

  private void subscribe(Session session) {
    Sender sender = senders.get(session.rank);
    if (sender == null || sender.instance != session.instance) {
      sender = new Sender(session.rank, session.instance);
      senders.put(session.rank, sender);
    }
    gone.remove(session.rank);
    sender.session = session;
    sender.dropPartial();
    // What was acknowledged in the session before may not have got there: it is not held any
    // more, comes again and is acknowledged again.
    Subscription wanted = new Subscription(setup.credit, Set.copyOf(sender.held.numbers()));
    session.send(Message.of(Message.Type.SUBSCRIBE, stream, 0, setup.name, wanted.write()));
  }

  @Override
  public synchronized void onMessage(Session session, Message message) {
    if (closed != null || !setup.expected.contains(session.rank)) {
      return;
    }
    switch (message.type()) {
      case OPEN -> subscribe(session);
      case END -> {
        Sender sender = senders.get(session.rank);
        if (sender != null && sender.session == session) {
          sender.ended = true;
          session.send(Message.of(Message.Type.END_SEEN, stream, 0));
          takers.tell();
        }
      }
      default -> {}
    }
  }

  @Override
  public synchronized void onHot(Session session, MessageCursor at) {
    if (closed != null || at.type() != Message.Type.ITEM) {
      return;
    }
    Sender sender = senders.get(session.rank);
    if (sender == null || sender.session != session) {
      return;
    }
    do {
      item(sender, at);
    } while (at.nextAlike());
  }

  private void item(Sender sender, MessageCursor at) {
    int totalBytes = at.totalBytes();
    if (totalBytes > setup.mostBytes
        || !setup.credit.admits(sender.held.size(), sender.heldBytes(), totalBytes)) {
      throw new MalformedFrameException(
          "item of " + totalBytes + " bytes goes beyond the limit or the credit of " + this);
    }
    boolean whole = at.offsetBytes() == 0 && at.partBytes() == totalBytes;
    ByteBuffer payload = whole ? at.part() : assemble(sender, at);
    if (payload == null) {
      return;
    }
    if (whole) {
      sender.dropPartial();
    }
    if (at.checksum() != 0 && Item.checksumOf(payload) != at.checksum()) {
      throw new MalformedFrameException("checksum of item " + at.item() + " is wrong");
    }
    if (at.keyBytes() < 1 || at.keyBytes() > ItemKey.MAX_BYTES) {
      throw new MalformedFrameException(
          "key of item " + at.item() + " has " + at.keyBytes() + " bytes");
    }
    int place = known.find(at.body(), at.keyAt(), at.keyAt() + at.keyBytes());
    if (place < 0) {
      Received received = new Received(this, sender, at, known, payload, !whole);
      known.add(received, at.checksum(), totalBytes);
      ready.add(received);
      takers.tell();
      return;
    }
    again(sender, at, place);
    if (!whole) {
      assembly.giveBack(payload);
    }
  }

  private @Nullable ByteBuffer assemble(Sender sender, MessageCursor at) {
    if (at.offsetBytes() == 0) {
      sender.startPartial(at.item(), at.totalBytes(), assembly.take(at.totalBytes()));
    }
    Copies.count(at.partBytes());
    return sender.addPart(at.item(), at.offsetBytes(), at.totalBytes(), at.part());
  }

  /** An item that was here before. */
  private void again(Sender sender, MessageCursor at, int place) {
    duplicates++;
    if (!known.hasPayload(place, at.checksum(), at.totalBytes())) {
      log.warn(
          "event=duplicate_differs stream={} item={} from={}",
          setup.name,
          at.message().text(),
          sender.rank);
    }
    Received before = known.open();
    if (before == null) {
      answers.add(sender, Message.Type.ACK, at.item());
    } else {
      before.alsoFrom(sender, at.item());
    }
  }

  @Override
  public synchronized void onSessionDown(Session session) {
    Sender sender = senders.get(session.rank);
    if (sender != null && sender.session == session) {
      sender.session = null;
      sender.dropPartial();
    }
  }

  @Override
  public synchronized void onPeerGone(int rank, String reason) {
    Sender sender = senders.get(rank);
    if (setup.expected.contains(rank) && (sender == null || !sender.ended)) {
      gone.put(rank, reason);
      takers.tell();
    }
  }

  @Override
  public synchronized void onChannelClosed(String cause) {
    if (closed == null) {
      shut(cause);
    }
  }

  @Override
  public String toString() {
    return (setup.kind == Kind.QUEUE ? "work consumer '" : "puller '") + setup.name + "'";
  }
}
