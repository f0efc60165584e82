package io.nfspawn.transport.core;

import io.nfspawn.transport.Credit;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.PeerLostException;
import io.nfspawn.transport.frame.MalformedFrameException;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One receiver of a broadcast: takes from the member before it, hands on to the one behind it, and
 * acknowledges what its own application and all behind it are done with. Guarded by itself; the
 * channel's thread sends and settles.
 */
final class BroadcastInbox extends AnyInbox<Heard> implements Stream {

  /**
   * Where in the chain this member stands.
   *
   * @param chain the sender, then every receiver in order
   * @param position of this member, 1 or more
   */
  record Place(List<Integer> chain, int position) {
    int sender() {
      return chain.get(0);
    }

    List<Integer> behind() {
      return chain.subList(position + 1, chain.size());
    }
  }

  private static final long UNKNOWN = -1;

  private final String name;
  private final int stream;
  private final Place place;
  private final Credit credit;
  private final int mostBytes;
  private final Loop loop;
  private final ChainLog log = new ChainLog();
  private final ChainTail tail;

  /** Numbers that the application is done with: all below {@link #done}, and these. */
  private final TreeSet<Long> doneAhead = new TreeSet<>();

  private final List<Item> dropped = new ArrayList<>();
  private long done;
  private long total = UNKNOWN;
  private long toldUpstream;
  private boolean endTold;
  private boolean senderGone;
  private long senderInstance;
  private @Nullable Sender upstream;
  private @Nullable String broken;

  /** True once this member is not in the chain any more. */
  private boolean over;

  BroadcastInbox(String name, Place place, Credit credit, int mostBytes, Loop loop) {
    super(loop);
    this.name = name;
    this.stream = Stream.idOf(Kind.BROADCAST, name);
    this.place = place;
    this.credit = credit;
    this.mostBytes = mostBytes;
    this.loop = loop;
    this.tail = new ChainTail(name, stream, log, place.behind());
  }

  // ---- application ------------------------------------------------------------------------

  @Override
  boolean isEnded() {
    return total == log.top();
  }

  @Override
  void checkSenders() {
    if (broken != null) {
      throw new PeerLostException(
          Set.of(place.sender()), this + " broke off before its end: " + broken);
    }
  }

  @Override
  Set<Integer> awaited() {
    Sender from = upstream;
    return Set.of(from == null ? place.sender() : from.rank);
  }

  @Override
  void visited(List<Heard> items) {
    items.forEach(Heard::ack);
  }

  @Override
  public synchronized Set<Integer> lostSenders() {
    return broken == null ? Set.of() : Set.of(place.sender());
  }

  /** Who has taken everything stays in the chain until all behind have it too. */
  @Override
  public void close() {
    String why = "has been closed";
    synchronized (this) {
      shut(why);
      if (lingers()) {
        return;
      }
    }
    loop.execute(
        () -> {
          leave();
          end(why);
        });
  }

  @Override
  public synchronized boolean lingers() {
    return !over && total == done && !isThrough();
  }

  /** True when neither those before nor those behind need this member any more. */
  private boolean isThrough() {
    return endTold || (senderGone && tail.isEndSeen());
  }

  /** Gives everything back; by the channel's thread. */
  private void end(String why) {
    synchronized (this) {
      shut(why);
      over = true;
      dropped.addAll(log.dropAll());
    }
    releaseAll();
    loop.unregister(stream, this);
  }

  private synchronized void leave() {
    Sender from = upstream;
    if (from != null && from.session != null && !endTold) {
      from.session.send(Message.of(Message.Type.UNSUBSCRIBE, stream, 0));
    }
  }

  private void releaseAll() {
    List<Item> items;
    synchronized (this) {
      items = List.copyOf(dropped);
      dropped.clear();
    }
    items.forEach(item -> item.settle(() -> {}));
  }

  int senderRank() {
    return place.sender();
  }

  /** The application is done with the item of that number. */
  void done(long number) {
    synchronized (this) {
      if (number >= done) {
        doneAhead.add(number);
      }
      while (doneAhead.remove(done)) {
        done++;
      }
    }
    loop.wakeUp();
  }

  // ---- channel's thread -------------------------------------------------------------------

  void dialSuccessor() {
    Integer next;
    synchronized (this) {
      next = tail.successor();
    }
    if (next != null) {
      loop.dial(next, this);
    }
  }

  @Override
  public void dispatch(long now) {
    boolean last;
    synchronized (this) {
      if (over) {
        return;
      }
      long acknowledged = Math.min(done, Math.min(tail.acknowledged(), log.top()));
      dropped.addAll(log.dropBelow(acknowledged));
      tail.dispatch(total);
      Sender from = upstream;
      if (from != null && from.session != null) {
        answer(from.session);
      }
      last = isShut() && total == done && isThrough();
    }
    releaseAll();
    if (last) {
      end("has been closed");
    }
  }

  private void answer(Session session) {
    if (log.base() > toldUpstream) {
      toldUpstream = log.base();
      session.send(Message.of(Message.Type.ACK, stream, toldUpstream, "", lost()));
    }
    if (total == log.base() && tail.isEndSeen() && !endTold) {
      endTold = true;
      session.send(Message.of(Message.Type.END_SEEN, stream, total, "", lost()));
    }
  }

  private ByteBuffer lost() {
    Set<Integer> ranks = tail.lost();
    ByteBuffer part = ByteBuffer.allocate(Integer.BYTES * ranks.size());
    ranks.forEach(part::putInt);
    return part.flip();
  }

  @Override
  public synchronized void onDialled(Session session) {
    if (tail.isSuccessor(session.rank)) {
      tail.open(session);
    }
  }

  @Override
  public void onMessage(Session session, Message message) {
    boolean next = false;
    synchronized (this) {
      if (over) {
        return;
      }
      switch (message.type()) {
        case OPEN -> openedBy(session);
        case ITEM, END -> {
          Sender from = upstream;
          if (from != null && from.session == session) {
            heard(from, message);
          }
        }
        case SUBSCRIBE, UNSUBSCRIBE, ACK, END_SEEN -> {
          if (tail.isSuccessor(session.rank)) {
            next = answered(session, message);
          }
        }
        default -> {}
      }
    }
    if (next) {
      loop.execute(this::dialSuccessor);
    }
  }

  /** True when another successor must be dialled. */
  private boolean answered(Session session, Message message) {
    switch (message.type()) {
      case SUBSCRIBE -> {
        Subscription wanted = Subscription.read(message.part());
        if (!tail.subscribe(session, message.item(), wanted.credit())) {
          return tail.remove(session.rank, "it came back when what it needs was gone");
        }
        if (broken != null) {
          tail.abort(broken);
        }
      }
      case UNSUBSCRIBE -> {
        return tail.remove(session.rank, "it closed its end of " + name);
      }
      case ACK -> tail.acknowledge(message);
      case END_SEEN -> tail.seeEnd(message);
      default -> {}
    }
    return false;
  }

  /**
   * A member before this one offers itself. The one nearer to the sender is right: it has skipped
   * whoever was between, while that one may not know yet that it was skipped.
   */
  private void openedBy(Session session) {
    int position = place.chain.indexOf(session.rank);
    Sender before = upstream;
    boolean nearer =
        before == null || before.session == null || position <= place.chain.indexOf(before.rank);
    if (position < 0 || position >= place.position || !nearer || broken != null) {
      return;
    }
    if (position == 0) {
      if (before != null && senderInstance != 0 && senderInstance != session.instance) {
        breakOff("its sender was started again");
        return;
      }
      senderInstance = session.instance;
    }
    if (before != null && before.rank != session.rank && before.session != null) {
      before.session.send(Message.of(Message.Type.UNSUBSCRIBE, stream, 0));
    }
    Sender now = new Sender(session.rank, session.instance);
    now.session = session;
    upstream = now;
    toldUpstream = 0;
    endTold = false;
    session.send(
        Message.of(
            Message.Type.SUBSCRIBE,
            stream,
            log.top(),
            name,
            new Subscription(credit, Set.of()).write()));
  }

  private void heard(Sender from, Message message) {
    if (message.type() == Message.Type.END) {
      if (message.item() == ChainTail.ABORTED) {
        breakOff(message.text());
      } else if (message.item() < log.top()) {
        throw new MalformedFrameException(
            "end of " + this + " at item " + message.item() + ", have " + log.top());
      } else {
        // It may overtake the last items: those wait in another queue.
        total = message.item();
        tellTakers();
      }
      return;
    }
    long number = message.item();
    if (number != log.top()
        || message.totalBytes() > mostBytes
        || !credit.admits(log.size(), log.bytes(), message.totalBytes())) {
      throw new MalformedFrameException(
          "item "
              + number
              + " of "
              + message.totalBytes()
              + " bytes is out of turn or goes beyond the limit or the credit of "
              + this);
    }
    ByteBuffer payload = from.assemble(message);
    if (payload != null) {
      keep(message, payload);
    }
  }

  private void keep(Message message, ByteBuffer payload) {
    if (Item.checksumOf(payload.duplicate()) != message.checksum()) {
      throw new MalformedFrameException("checksum of item " + message.item() + " is wrong");
    }
    ByteBuffer own = payload;
    if (message.attachment() != null) {
      // It is the wire's memory, and may be needed here long after the wire wants it back.
      own = ByteBuffer.allocateDirect(payload.remaining()).put(payload.duplicate()).flip();
    }
    Item item = new Item(message.item(), ItemKey.of(message.text()), own, null);
    log.add(item);
    arrived(new Heard(this, item, own.slice()));
    tellTakers();
  }

  private void breakOff(String reason) {
    if (broken == null && total != log.top()) {
      broken = reason;
      tail.abort(reason);
      tellTakers();
    }
  }

  @Override
  public synchronized void onSessionDown(Session session) {
    tail.onSessionDown(session);
    Sender from = upstream;
    if (from != null && from.session == session) {
      from.session = null;
      from.dropPartial();
    }
  }

  @Override
  public void onPeerGone(int rank, String reason) {
    boolean next;
    synchronized (this) {
      next = tail.remove(rank, reason);
      if (rank == place.sender()) {
        senderGone = true;
        // Between the sender and us others may still hand on what they have; no more will come.
        Sender from = upstream;
        if (from == null || from.rank == rank) {
          breakOff(loop.describe(Set.of(rank)) + ": " + reason);
        }
      }
      tellTakers();
    }
    if (next) {
      loop.execute(this::dialSuccessor);
    }
  }

  @Override
  public void onChannelClosed(String cause) {
    end(cause);
  }

  @Override
  public String toString() {
    return "broadcast '" + name + "'";
  }
}
