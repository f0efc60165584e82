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
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
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

  /** What one answer may be about, beside its first item: a few KiB. */
  private static final int MOST_MORE_ITEMS = 400;

  private final Setup setup;
  private final int stream;
  private final Loop loop;
  private final Map<Integer, Sender> senders = new TreeMap<>();
  private final Map<Integer, String> gone = new TreeMap<>();
  private final Map<ItemKey, Received> known = new HashMap<>();
  private final Deque<Received> ready = new ArrayDeque<>();
  private final List<Answer> answers = new ArrayList<>();
  private long duplicates;
  private @Nullable String closed;

  /** Threads in {@link #take}; nobody is woken where nobody waits. */
  private int waiting;

  /** Something to be said to a sender, in the session it has then. */
  private record Answer(Sender to, Message.Type type, long item) {}

  InboxStream(Setup setup, Loop loop) {
    this.setup = setup;
    this.stream = Stream.idOf(setup.kind, setup.name);
    this.loop = loop;
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
  public synchronized Optional<Delivery> take(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Delivery next = poll();
      if (next != null) {
        return Optional.of(next);
      }
      if (isFinished()) {
        return Optional.empty();
      }
      long leftMillis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
      if (leftMillis <= 0) {
        throw new ChannelTimeoutException(
            this
                + " got nothing within "
                + timeout
                + ", waiting for "
                + loop.describe(unfinished()));
      }
      waiting++;
      try {
        wait(leftMillis);
      } finally {
        waiting--;
      }
    }
  }

  private void wakeTakers() {
    if (waiting > 0) {
      notifyAll();
    }
  }

  @Override
  public synchronized boolean isFinished() {
    return ready.isEmpty() && unfinished().isEmpty();
  }

  /** Ranks more may come from. */
  private Set<Integer> unfinished() {
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
      senders.values().forEach(s -> answers.add(new Answer(s, Message.Type.UNSUBSCRIBE, 0)));
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
    wakeTakers();
  }

  /** One item, from its arrival until the end of the inbox; its payload goes earlier. */
  private final class Received implements Delivery {
    private final ItemKey key;
    private final int senderRank;
    private final int attempt;
    private final int checksum;
    private final int lengthBytes;
    private final Map<Sender, Long> sentBy = new HashMap<>();
    private @Nullable ByteBuffer payload;
    private Wire.@Nullable Attachment attachment;
    private boolean done;

    Received(ItemKey key, int senderRank, Message last, ByteBuffer payload) {
      this.key = key;
      this.senderRank = senderRank;
      this.attempt = last.attempt();
      this.checksum = last.checksum();
      this.lengthBytes = payload.remaining();
      this.payload = payload.asReadOnlyBuffer();
      this.attachment = last.attachment();
      if (attachment != null) {
        attachment.retain();
      }
    }

    @Override
    public ItemKey key() {
      return key;
    }

    @Override
    public ByteBuffer payload() {
      ByteBuffer bytes = payload;
      if (bytes == null) {
        throw new IllegalStateException("payload of " + key + " was released");
      }
      return bytes.duplicate();
    }

    @Override
    public int senderRank() {
      return senderRank;
    }

    @Override
    public int attempt() {
      return attempt;
    }

    @Override
    public void renew() {
      answer(Message.Type.RENEW);
    }

    @Override
    public void release() {
      Wire.Attachment memory;
      synchronized (InboxStream.this) {
        payload = null;
        memory = attachment;
        attachment = null;
      }
      if (memory != null) {
        memory.release();
      }
    }

    @Override
    public void ack() {
      release();
      answer(Message.Type.ACK);
    }

    private void answer(Message.Type type) {
      synchronized (InboxStream.this) {
        if (done) {
          return;
        }
        sentBy.forEach((sender, item) -> answers.add(new Answer(sender, type, item)));
        if (type == Message.Type.ACK) {
          done = true;
          sentBy.forEach(Sender::unhold);
          sentBy.clear();
        }
      }
      loop.wakeUp();
    }
  }

  // ---- channel's thread -------------------------------------------------------------------

  @Override
  public synchronized void dispatch(long now) {
    for (int i = 0; i < answers.size(); ) {
      i = send(i);
    }
    answers.clear();
  }

  /** Sends the answer at {@code first}, with all of its kind that follow; returns the next one. */
  private int send(int first) {
    Answer answer = answers.get(first);
    int end = first + 1;
    while (end < answers.size()
        && end - first <= MOST_MORE_ITEMS
        && answers.get(end).to == answer.to
        && answers.get(end).type == answer.type) {
      end++;
    }
    Session session = answer.to.session;
    if (session != null) {
      ByteBuffer more = ByteBuffer.allocate(Long.BYTES * (end - first - 1));
      for (int i = first + 1; i < end; i++) {
        more.putLong(answers.get(i).item);
      }
      session.send(Message.of(answer.type, stream, answer.item, "", more.flip()));
    }
    return end;
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
    Subscription wanted = new Subscription(setup.credit, Set.copyOf(sender.held.keySet()));
    session.send(Message.of(Message.Type.SUBSCRIBE, stream, 0, setup.name, wanted.write()));
  }

  @Override
  public synchronized void onMessage(Session session, Message message) {
    if (closed != null || !setup.expected.contains(session.rank)) {
      return;
    }
    switch (message.type()) {
      case OPEN -> subscribe(session);
      case ITEM -> {
        Sender sender = senders.get(session.rank);
        if (sender != null && sender.session == session) {
          item(sender, message);
        }
      }
      case END -> {
        Sender sender = senders.get(session.rank);
        if (sender != null && sender.session == session) {
          sender.ended = true;
          session.send(Message.of(Message.Type.END_SEEN, stream, 0));
          wakeTakers();
        }
      }
      default -> {}
    }
  }

  private void item(Sender sender, Message message) {
    if (message.totalBytes() > setup.mostBytes
        || !setup.credit.admits(sender.held.size(), sender.heldBytes(), message.totalBytes())) {
      throw new MalformedFrameException(
          "item of "
              + message.totalBytes()
              + " bytes goes beyond the limit or the credit of "
              + this);
    }
    ByteBuffer payload = sender.assemble(message);
    if (payload == null) {
      return;
    }
    if (Item.checksumOf(payload.duplicate()) != message.checksum()) {
      throw new MalformedFrameException("checksum of item " + message.item() + " is wrong");
    }
    ItemKey key = ItemKey.of(message.text());
    Received before = known.get(key);
    if (before == null) {
      Received received = new Received(key, sender.rank, message, payload);
      known.put(key, received);
      hold(sender, message.item(), received);
      ready.add(received);
      wakeTakers();
      return;
    }
    duplicates++;
    if (before.checksum != message.checksum() || before.lengthBytes != message.totalBytes()) {
      log.warn(
          "event=duplicate_differs stream={} key={} kept_from={} dropped_from={}",
          setup.name,
          key,
          before.senderRank,
          sender.rank);
    }
    if (before.done) {
      answers.add(new Answer(sender, Message.Type.ACK, message.item()));
    } else {
      hold(sender, message.item(), before);
    }
  }

  private static void hold(Sender sender, long item, Received received) {
    // A duplicate's payload is dropped, but it counts as under way at its sender until then.
    sender.hold(item, received.lengthBytes);
    received.sentBy.put(sender, item);
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
      wakeTakers();
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
