package io.nfspawn.transport.core;

import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.frame.FrameCipher;
import io.nfspawn.transport.frame.FrameHeader;
import io.nfspawn.transport.frame.Handshake.SessionCiphers;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One proved, ordered way to one process of one rank. Ends at the first gap; whoever needs the peer
 * makes another. Owned by the channel's thread.
 */
final class Session {
  private static final int MOST_EARLY = 256;

  /**
   * A JVM compiles AES-GCM after some thousand calls, and until then it runs at 1/50 of its speed
   * (measured 75 MB/s): a session starts with small frames, so that those calls come soon.
   */
  private static final int WARM_UP_FRAMES = 2048;

  private static final int WARM_UP_BYTES = 16 << 10;
  private static final int SHORT_FRAME_BYTES = 2048;

  /** Parts of an item that waits to be sent. */
  interface Bulk {
    /** True when nothing of it is left to send. */
    boolean isDone();

    /** The next part of at most {@code roomBytes} in all; null when that is too little. */
    @Nullable Message next(int roomBytes);

    /** True while nothing of it was sent. */
    boolean isWhole();

    int lengthBytes();

    /** All of it in one message; its memory stays as it is until {@link #letGo}. */
    Message hold();

    void letGo();
  }

  final int rank;
  final long instance;
  final long id;
  final boolean dialled;
  final Map<Integer, Message> early = new LinkedHashMap<>();
  Wire.Link link;
  boolean proved;
  boolean over;
  long lastSentNanos;

  private final FrameCipher outgoing;
  private final FrameCipher incoming;
  private final Deque<Message> control = new ArrayDeque<>();
  private final Deque<Bulk> bulk = new ArrayDeque<>();
  private long sendSequence;
  private long receiveSequence;
  private @Nullable Outgoing unsent;

  /** A frame and what goes with it. */
  private static final class Outgoing {
    final byte[] frame;
    final @Nullable Payload payload;

    Outgoing(byte[] frame, @Nullable Payload payload) {
      this.frame = frame;
      this.payload = payload;
    }
  }

  /** An attachment to send, and what to do once the wire reads it no more. */
  private record Payload(ByteBuffer bytes, Runnable released) {}

  Session(int rank, long instance, SessionCiphers ciphers, Wire.Link link, boolean dialled) {
    this.rank = rank;
    this.instance = instance;
    this.id = ciphers.session();
    this.outgoing = ciphers.outgoing();
    this.incoming = ciphers.incoming();
    this.link = link;
    this.dialled = dialled;
  }

  void send(Message message) {
    control.add(message);
  }

  void sendFirst(Message message) {
    control.addFirst(message);
  }

  void send(Bulk item) {
    bulk.add(item);
  }

  boolean hasUnsent() {
    return unsent != null || !control.isEmpty() || !bulk.isEmpty();
  }

  /** Keeps the first message of a stream that is not there yet; false when there are too many. */
  boolean keepEarly(Message message) {
    if (early.size() >= MOST_EARLY) {
      return false;
    }
    ByteBuffer copy = ByteBuffer.allocate(message.part().remaining()).put(message.part()).flip();
    early.put(
        message.stream(),
        Message.of(message.type(), message.stream(), message.item(), message.text(), copy));
    return true;
  }

  /** True once a frame of the other side has come: it knows of this session too. */
  boolean isConfirmed() {
    return receiveSequence > 0;
  }

  /** What a frame turned out to be. */
  enum Verdict {
    IN_ORDER,
    REPLAYED,
    GAP
  }

  /**
   * Opens an authentic frame and tells whether it is the next one.
   *
   * @throws io.nfspawn.transport.frame.MalformedFrameException when it is not the peer's
   */
  Verdict open(
      FrameHeader header, byte[] frame, Wire.@Nullable Attachment attachment, List<Message> into) {
    if (header.sequence() < receiveSequence) {
      return Verdict.REPLAYED;
    }
    ByteBuffer body = incoming.open(header, frame);
    if (header.sequence() > receiveSequence) {
      return Verdict.GAP;
    }
    ByteBuffer attached = attachment == null ? null : incoming.openAttachment(attachment.bytes());
    receiveSequence++;
    into.addAll(Message.readAll(body, attached, attachment));
    return Verdict.IN_ORDER;
  }

  /** Sends one frame if there is something to send and the wire takes it. */
  Wire.@Nullable Sent pump(Wire wire, int epoch, int ownRank, int frameBytes, long nowNanos) {
    Outgoing outgoing = unsent;
    if (outgoing == null) {
      outgoing = next(wire, epoch, ownRank, frameBytes);
      if (outgoing == null) {
        return null;
      }
    }
    Payload payload = outgoing.payload;
    Wire.Sent sent =
        payload == null
            ? wire.send(link, outgoing.frame)
            : wire.send(link, outgoing.frame, payload.bytes, payload.released);
    unsent = outgoing;
    if (sent == Wire.Sent.ACCEPTED) {
      unsent = null;
      lastSentNanos = nowNanos;
    }
    return sent;
  }

  /** Lets go of what will not be sent any more. */
  void discard() {
    Outgoing outgoing = unsent;
    unsent = null;
    if (outgoing != null && outgoing.payload != null) {
      outgoing.payload.released.run();
    }
  }

  private @Nullable Outgoing next(Wire wire, int epoch, int ownRank, int frameBytes) {
    boolean cold = sendSequence < WARM_UP_FRAMES;
    int attachFrom = cold && outgoing.isSealed() ? Integer.MAX_VALUE : wire.attachFromBytes();
    List<Message> batch = new ArrayList<>();
    Payload payload =
        nextBatch(batch, cold ? Math.min(frameBytes, WARM_UP_BYTES) : frameBytes, attachFrom, wire);
    if (batch.isEmpty()) {
      return null;
    }
    byte[] frame = outgoing.seal(epoch, ownRank, id, sendSequence++, batch, payload != null);
    return new Outgoing(frame, payload);
  }

  private @Nullable Payload nextBatch(
      List<Message> batch, int frameBytes, int attachFrom, Wire wire) {
    int room = frameBytes + Message.MOST_HEAD_BYTES;
    for (Message next = control.peek(); next != null; next = control.peek()) {
      if (next.lengthBytes() > room && !batch.isEmpty()) {
        return null;
      }
      batch.add(control.remove());
      room -= next.lengthBytes();
    }
    for (Bulk item = bulk.peek(); item != null; item = bulk.peek()) {
      if (item.isDone()) {
        bulk.remove();
        continue;
      }
      if (item.isWhole() && item.lengthBytes() >= attachFrom) {
        if (frameBytes - room > SHORT_FRAME_BYTES) {
          return null; // An attachment goes with a short frame.
        }
        Payload payload = attach(item, batch, wire);
        if (payload != null) {
          return payload;
        }
      }
      Message part = item.next(room);
      if (part == null) {
        return null;
      }
      batch.add(part);
      room -= part.lengthBytes();
    }
    return null;
  }

  /** Adds the item as the frame's last message, its payload beside it; null if it has to be cut. */
  private @Nullable Payload attach(Bulk item, List<Message> batch, Wire wire) {
    if (!outgoing.isSealed()) {
      Message whole = item.hold();
      batch.add(whole);
      return new Payload(whole.part(), item::letGo);
    }
    RegisteredBuffer sealed = wire.scratch(FrameCipher.attachmentBytes(item.lengthBytes()));
    if (sealed == null) {
      return null;
    }
    Message whole = item.hold();
    batch.add(whole);
    outgoing.sealAttachment(whole.part(), sealed.buffer());
    item.letGo();
    return new Payload(sealed.buffer().flip(), sealed::close);
  }
}
