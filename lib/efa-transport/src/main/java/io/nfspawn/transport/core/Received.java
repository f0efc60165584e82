package io.nfspawn.transport.core;

import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One item in an inbox, from its arrival until it is done with; its payload goes earlier. What came
 * whole inside a frame stays there, beside others.
 */
final class Received implements Delivery {
  private static final byte[] NO_BYTES = {};

  private final InboxStream inbox;
  private Sender sender;
  private long number;
  private int keyNumber;
  private int attempt;
  private int lengthBytes;

  /** A key that lies alone. */
  private byte[] own = NO_BYTES;

  /** Whose bytes these are, if they are not its own. */
  private @Nullable Frame frame;

  /** Where the key lies, and behind it the payload unless that lies apart. */
  private byte[] bytes = NO_BYTES;

  private int keyFrom;
  private int keyBytes;
  private @Nullable ByteBuffer apart;

  /** What lies apart is memory of the inbox. */
  private boolean assembled;

  private Wire.@Nullable Attachment attachment;

  /** Of an item that a visitor has had, until it is forgotten. */
  private Wire.@Nullable Attachment visitedMemory;

  private boolean released;
  private boolean done;

  /** Others who sent the same item, and their numbers of it. */
  private @Nullable Map<Sender, Long> others;

  private @Nullable ItemKey key;

  Received(InboxStream inbox, Sender sender) {
    this.inbox = inbox;
    this.sender = sender;
  }

  /**
   * Becomes the item whose last message {@code last} stands at; holds the frame if there is no
   * {@code payload}, of which the caller tells it.
   *
   * @param numberOfKey under which the inbox knows its key
   * @param payload null when it lies behind the key
   * @param ofInbox true when the payload lies in memory of the inbox
   */
  void arrive(
      Sender from,
      MessageCursor last,
      int numberOfKey,
      @Nullable ByteBuffer payload,
      boolean ofInbox) {
    sender = from;
    number = last.item();
    keyNumber = numberOfKey;
    attempt = last.attempt();
    lengthBytes = last.totalBytes();
    bytes = last.bytes();
    keyFrom = last.keyFrom();
    keyBytes = last.keyBytes();
    apart = payload;
    assembled = ofInbox;
    attachment = last.attachment();
    if (attachment != null) {
      attachment.retain();
    }
    released = false;
    done = false;
    others = null;
    key = null;
    frame = payload == null ? last.frame() : null;
    if (payload != null) {
      keepKeyAlone();
    }
    sender.hold(number, this);
  }

  int lengthBytes() {
    return lengthBytes;
  }

  int keyNumber() {
    return keyNumber;
  }

  /** Another sender, or the same under another number, sent it again. */
  void alsoFrom(Sender other, long itsNumber) {
    // A duplicate's payload is dropped, but it counts as under way at its sender until then.
    other.hold(itsNumber, this);
    if (other == sender && itsNumber == number) {
      return;
    }
    Map<Sender, Long> more = others == null ? new HashMap<>() : others;
    more.put(other, itsNumber);
    others = more;
  }

  @Override
  public synchronized ItemKey key() {
    ItemKey known = key;
    if (known == null) {
      known = ItemKey.of(new String(bytes, keyFrom, keyBytes, StandardCharsets.UTF_8));
      key = known;
    }
    return known;
  }

  @Override
  public ByteBuffer payload() {
    synchronized (inbox) {
      if (released) {
        throw new IllegalStateException("payload of " + key() + " was released");
      }
      ByteBuffer there = apart;
      return there == null
          ? ByteBuffer.wrap(bytes, keyFrom + keyBytes, lengthBytes).slice().asReadOnlyBuffer()
          : there.asReadOnlyBuffer();
    }
  }

  @Override
  public int senderRank() {
    return sender.rank;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public void renew() {
    synchronized (inbox) {
      answer(Message.Type.RENEW);
    }
    inbox.wakeLoop();
  }

  @Override
  public void release() {
    Wire.Attachment memory;
    Frame held;
    synchronized (inbox) {
      memory = letGo();
      held = keepKeyAlone();
    }
    release(memory, held);
  }

  private static void release(Wire.@Nullable Attachment memory, @Nullable Frame held) {
    if (memory != null) {
      memory.release();
    }
    if (held != null) {
      held.release(1);
    }
  }

  /** Drops the payload; what is to be released then, without the monitor. */
  private Wire.@Nullable Attachment letGo() {
    ByteBuffer there = apart;
    if (there != null && assembled) {
      inbox.giveBack(there);
    }
    Wire.Attachment memory = attachment;
    released = true;
    apart = null;
    attachment = null;
    return memory;
  }

  /** The item may stay for long, and its frame be a thousand times as long as its key. */
  private synchronized @Nullable Frame keepKeyAlone() {
    if (bytes != own) {
      if (own.length < keyBytes) {
        own = new byte[keyBytes];
      }
      System.arraycopy(bytes, keyFrom, own, 0, keyBytes);
      bytes = own;
      keyFrom = 0;
    }
    return takeFrame();
  }

  /** The frame it held until now. */
  @Nullable Frame takeFrame() {
    Frame held = frame;
    frame = null;
    return held;
  }

  @Override
  public void ack() {
    Wire.Attachment memory;
    Frame held;
    synchronized (inbox) {
      memory = settle();
      held = keepKeyAlone();
    }
    release(memory, held);
    inbox.wakeLoop();
  }

  /** Says that it is done with; what is to be released then, without the monitor of the inbox. */
  Wire.@Nullable Attachment settle() {
    Wire.Attachment memory = letGo();
    answer(Message.Type.ACK);
    if (!done) {
      done = true;
      unhold();
      inbox.done(this);
    }
    return memory;
  }

  /** As {@link #settle}; {@link #forget} releases its memory. Returns the frame it held. */
  @Nullable Frame visited() {
    visitedMemory = settle();
    return takeFrame();
  }

  /** Its object waits for another item; without the monitor of the inbox. */
  void forget() {
    bytes = NO_BYTES;
    key = null;
    Wire.Attachment memory = visitedMemory;
    visitedMemory = null;
    release(memory, null);
  }

  private void answer(Message.Type type) {
    if (!done) {
      inbox.answer(sender, type, number);
      if (others != null) {
        others.forEach((other, itsNumber) -> inbox.answer(other, type, itsNumber));
      }
    }
  }

  private void unhold() {
    sender.unhold(number);
    if (others != null) {
      others.forEach(Sender::unhold);
      others = null;
    }
  }
}
