package io.nfspawn.transport.core;

import io.nfspawn.transport.Credit;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.PullOptions.OnLoss;
import io.nfspawn.transport.Puller;
import io.nfspawn.transport.WorkConsumer;
import io.nfspawn.transport.frame.MalformedFrameException;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import io.nfspawn.transport.wire.Copies;
import io.nfspawn.transport.wire.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receiving side of work queue and push: tells senders its credit, drops what it had before, and
 * acknowledges what the application is done with. Guarded by itself; the channel's thread sends.
 */
final class InboxStream extends AnyInbox<Received> implements Stream, WorkConsumer, Puller {
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
  private final SeenKeys known = new SeenKeys(true);

  /** Items that are not done with, by the numbers of their keys. */
  private final NumberMap<Received> open = new NumberMap<>();

  private final CRC32C crc = new CRC32C();

  /** Objects of visited items, for others: as many as were here at a time. */
  private final Deque<Received> spares = new ArrayDeque<>();

  /** Frame that so many of the items at hand do not need any more. */
  private @Nullable Frame letGoFrame;

  private int letGoHolders;

  private final Answers answers = new Answers();
  private final Assembly assembly = new Assembly();
  private long duplicates;

  InboxStream(Setup setup, Loop loop) {
    super(loop);
    this.setup = setup;
    this.stream = Stream.idOf(setup.kind, setup.name);
    this.loop = loop;
    this.expectedRanks = setup.expected.stream().mapToInt(Integer::intValue).toArray();
  }

  // ---- application ------------------------------------------------------------------------

  @Override
  boolean isEnded() {
    for (int rank : expectedRanks) {
      Sender sender = senders.get(rank);
      boolean lost = setup.onLoss == OnLoss.CONTINUE && gone.containsKey(rank);
      if ((sender == null || !sender.ended) && !lost) {
        return false;
      }
    }
    return true;
  }

  @Override
  Set<Integer> awaited() {
    Set<Integer> ranks = new TreeSet<>(setup.expected);
    senders.values().stream().filter(s -> s.ended).forEach(s -> ranks.remove(s.rank));
    if (setup.onLoss == OnLoss.CONTINUE) {
      ranks.removeAll(gone.keySet());
    }
    return ranks;
  }

  @Override
  void checkSenders() {
    if (setup.onLoss == OnLoss.FAIL && !gone.isEmpty()) {
      throw new PeerLostException(
          gone.keySet(), this + " lost " + loop.describe(gone) + " before the end of the stream");
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
      if (isShut()) {
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

  // ---- of its items -----------------------------------------------------------------------

  /** Something to be said to a sender, in the session it has then. */
  void answer(Sender to, Message.Type type, long item) {
    answers.add(to, type, item);
  }

  void done(Received item) {
    open.remove(item.keyNumber());
  }

  @Override
  void visited(List<Received> items) {
    synchronized (this) {
      for (int i = 0; i < items.size(); i++) {
        letGo(items.get(i).visited());
      }
      letGo(null);
    }
    for (int i = 0; i < items.size(); i++) {
      items.get(i).forget();
    }
    synchronized (this) {
      for (int i = 0; i < items.size(); i++) {
        spares.push(items.get(i));
      }
    }
    if (!loop.help()) {
      loop.wakeUp();
    }
  }

  /** Items that follow each other lie in the same frame, mostly: it is told once of all. */
  private void letGo(@Nullable Frame frame) {
    Frame former = letGoFrame;
    if (frame != former && former != null) {
      former.release(letGoHolders);
      letGoHolders = 0;
    }
    letGoFrame = frame;
    letGoHolders += frame == null ? 0 : 1;
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
    if (isShut() || !setup.expected.contains(session.rank)) {
      return;
    }
    switch (message.type()) {
      case OPEN -> subscribe(session);
      case END -> {
        Sender sender = senders.get(session.rank);
        if (sender != null && sender.session == session) {
          sender.ended = true;
          session.send(Message.of(Message.Type.END_SEEN, stream, 0));
          tellTakers();
        }
      }
      default -> {}
    }
  }

  @Override
  public synchronized void onHot(Session session, MessageCursor at) {
    if (isShut() || at.type() != Message.Type.ITEM) {
      return;
    }
    Sender sender = senders.get(session.rank);
    if (sender == null || sender.session != session) {
      return;
    }
    int inFrame = 0;
    try {
      do {
        inFrame += item(sender, at) ? 1 : 0;
      } while (at.nextAlike());
    } finally {
      if (inFrame > 0) {
        at.frame().retain(inFrame);
      }
      tellTakers();
    }
  }

  /** True when an item arrived that lies in the frame. */
  private boolean item(Sender sender, MessageCursor at) {
    int totalBytes = at.totalBytes();
    if (totalBytes > setup.mostBytes
        || !setup.credit.admits(sender.held.size(), sender.heldBytes(), totalBytes)) {
      throw new MalformedFrameException(
          "item of " + totalBytes + " bytes goes beyond the limit or the credit of " + this);
    }
    boolean whole = at.offsetBytes() == 0 && at.partBytes() == totalBytes;
    ByteBuffer apart = null;
    if (whole) {
      sender.dropPartial();
      apart = at.isApart() ? at.part() : null;
    } else {
      apart = assemble(sender, at);
      if (apart == null) {
        return false;
      }
    }
    if (at.checksum() != 0 && checksum(at, apart) != at.checksum()) {
      throw new MalformedFrameException("checksum of item " + at.item() + " is wrong");
    }
    if (at.keyBytes() < 1 || at.keyBytes() > ItemKey.MAX_BYTES) {
      throw new MalformedFrameException(
          "key of item " + at.item() + " has " + at.keyBytes() + " bytes");
    }
    int keyEnd = at.keyFrom() + at.keyBytes();
    int before = known.find(at.bytes(), at.keyFrom(), keyEnd);
    if (before < 0) {
      int number = known.add(at.bytes(), at.keyFrom(), keyEnd, at.checksum(), totalBytes);
      Received spare = spares.poll();
      Received received = spare == null ? new Received(this, sender) : spare;
      received.arrive(sender, at, number, apart, !whole);
      open.put(number, received);
      arrived(received);
      return apart == null;
    }
    again(sender, at, before);
    if (!whole && apart != null) {
      assembly.giveBack(apart);
    }
    return false;
  }

  private int checksum(MessageCursor at, @Nullable ByteBuffer apart) {
    crc.reset();
    if (apart == null) {
      crc.update(at.bytes(), at.partFrom(), at.partBytes());
    } else {
      crc.update(apart.duplicate());
    }
    return (int) crc.getValue();
  }

  private @Nullable ByteBuffer assemble(Sender sender, MessageCursor at) {
    if (at.offsetBytes() == 0) {
      sender.startPartial(at.item(), at.totalBytes(), assembly.take(at.totalBytes()));
    }
    Copies.count(at.partBytes());
    return sender.addPart(at.item(), at.offsetBytes(), at.totalBytes(), at.part());
  }

  /** An item that was here before. */
  private void again(Sender sender, MessageCursor at, int number) {
    duplicates++;
    if (!known.hasPayload(number, at.checksum(), at.totalBytes())) {
      log.warn(
          "event=duplicate_differs stream={} item={} from={}",
          setup.name,
          at.message().text(),
          sender.rank);
    }
    Received before = open.get(number);
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
      tellTakers();
    }
  }

  @Override
  public synchronized void onChannelClosed(String cause) {
    shut(cause);
  }

  @Override
  public String toString() {
    return (setup.kind == Kind.QUEUE ? "work consumer '" : "puller '") + setup.name + "'";
  }
}
