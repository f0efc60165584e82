package io.nfspawn.transport.core;

import io.nfspawn.transport.Delivery;
import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One item in an inbox, from its arrival until it is done with; its payload goes earlier. */
final class Received implements Delivery {
  final int attempt;
  final int lengthBytes;

  /** Hashes of the key, by which the inbox knows it. */
  final long keyFirst;

  final long keySecond;
  private final InboxStream inbox;
  private final byte[] keyBytes;
  private final Sender sender;
  private final long number;

  /** Others who sent the same item, and their numbers of it. */
  private @Nullable Map<Sender, Long> others;

  private @Nullable ItemKey key;
  private @Nullable ByteBuffer payload;
  private Wire.@Nullable Attachment attachment;
  private boolean assembled;
  boolean done;

  /**
   * @param assembled the payload lies in memory of the inbox
   */
  Received(
      InboxStream inbox,
      Sender sender,
      MessageCursor last,
      SeenKeys<Received> keys,
      ByteBuffer payload,
      boolean assembled) {
    this.inbox = inbox;
    this.sender = sender;
    this.number = last.item();
    this.keyBytes = new byte[last.keyBytes()];
    last.body().get(last.keyAt(), keyBytes);
    this.keyFirst = keys.first();
    this.keySecond = keys.second();
    this.attempt = last.attempt();
    this.lengthBytes = payload.remaining();
    this.payload = payload;
    this.assembled = assembled;
    this.attachment = last.attachment();
    if (attachment != null) {
      attachment.retain();
    }
    sender.hold(number, this);
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
      known = ItemKey.of(new String(keyBytes, StandardCharsets.UTF_8));
      key = known;
    }
    return known;
  }

  @Override
  public ByteBuffer payload() {
    synchronized (inbox) {
      ByteBuffer bytes = payload;
      if (bytes == null) {
        throw new IllegalStateException("payload of " + key() + " was released");
      }
      return bytes.asReadOnlyBuffer();
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
    synchronized (inbox) {
      memory = letGo();
    }
    if (memory != null) {
      memory.release();
    }
  }

  /** Drops the payload; what is to be released then, without the monitor. */
  private Wire.@Nullable Attachment letGo() {
    ByteBuffer bytes = payload;
    if (bytes != null && assembled) {
      inbox.giveBack(bytes);
    }
    Wire.Attachment memory = attachment;
    payload = null;
    attachment = null;
    return memory;
  }

  @Override
  public void ack() {
    Wire.Attachment memory;
    synchronized (inbox) {
      memory = letGo();
      answer(Message.Type.ACK);
      if (!done) {
        done = true;
        unhold();
        inbox.done(this);
      }
    }
    if (memory != null) {
      memory.release();
    }
    inbox.wakeLoop();
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
