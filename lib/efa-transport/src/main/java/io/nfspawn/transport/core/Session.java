package io.nfspawn.transport.core;

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

  /** Parts of an item that waits to be sent. */
  interface Bulk {
    /** True when nothing of it is left to send. */
    boolean isDone();

    /** The next part of at most {@code roomBytes} in all; null when that is too little. */
    @Nullable Message next(int roomBytes);
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
  private byte @Nullable [] unsent;

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
  Verdict open(FrameHeader header, byte[] frame, List<Message> into) {
    if (header.sequence() < receiveSequence) {
      return Verdict.REPLAYED;
    }
    ByteBuffer body = incoming.open(header, frame);
    if (header.sequence() > receiveSequence) {
      return Verdict.GAP;
    }
    receiveSequence++;
    into.addAll(Message.readAll(body));
    return Verdict.IN_ORDER;
  }

  /** Sends one frame if there is something to send and the wire takes it. */
  Wire.@Nullable Sent pump(Wire wire, int epoch, int ownRank, int frameBytes, long nowNanos) {
    byte[] frame = unsent;
    if (frame == null) {
      boolean cold = sendSequence < WARM_UP_FRAMES;
      List<Message> batch = nextBatch(cold ? Math.min(frameBytes, WARM_UP_BYTES) : frameBytes);
      if (batch.isEmpty()) {
        return null;
      }
      frame = outgoing.seal(epoch, ownRank, id, sendSequence++, batch);
    }
    Wire.Sent sent = wire.send(link, frame);
    unsent = sent == Wire.Sent.BACK_PRESSURE ? frame : null;
    if (sent == Wire.Sent.ACCEPTED) {
      lastSentNanos = nowNanos;
    }
    return sent;
  }

  private List<Message> nextBatch(int frameBytes) {
    List<Message> batch = new ArrayList<>();
    int room = frameBytes + Message.MOST_HEAD_BYTES;
    for (Message next = control.peek(); next != null; next = control.peek()) {
      if (next.lengthBytes() > room && !batch.isEmpty()) {
        return batch;
      }
      batch.add(control.remove());
      room -= next.lengthBytes();
    }
    for (Bulk item = bulk.peek(); item != null; item = bulk.peek()) {
      if (item.isDone()) {
        bulk.remove();
        continue;
      }
      Message part = item.next(room);
      if (part == null) {
        return batch;
      }
      batch.add(part);
      room -= part.lengthBytes();
    }
    return batch;
  }
}
