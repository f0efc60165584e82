package io.nfspawn.transport.core;

import io.nfspawn.transport.ChannelOptions;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.frame.FrameCipher;
import io.nfspawn.transport.frame.FrameHeader;
import io.nfspawn.transport.frame.Handshake.SessionCiphers;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.frame.MessageCursor;
import io.nfspawn.transport.frame.Writable;
import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One proved, ordered way to one process of one rank. Ends at the first gap; whoever needs the peer
 * makes another. Owned by the channel's thread.
 */
final class Session {
  private static final int MOST_EARLY = 256;

  /** The longest frame of the first {@link ChannelOptions#warmUpFrames}. */
  private static final int WARM_UP_BYTES = 16 << 10;

  private static final int SHORT_FRAME_BYTES = 2048;
  private static final int FIRST_FRAME_BYTES = 4096;
  private static final ByteBuffer NO_FRAME = ByteBuffer.allocate(0);

  /** Parts of an item that waits to be sent. */
  interface Bulk {
    /** True when nothing of it is left to send. */
    boolean isDone();

    /** Writes the next part, at most {@code roomBytes} in all; false when that is too little. */
    boolean write(ByteBuffer out, int roomBytes);

    /** True while nothing of it was sent. */
    boolean isWhole();

    int lengthBytes();

    /**
     * Writes the head of a message that is all of it; the payload that goes beside it, whose memory
     * stays as it is until {@link #letGo} is run.
     */
    ByteBuffer hold(ByteBuffer out);

    /** What to do once the payload is not read any more. */
    Runnable letGo();
  }

  final int rank;
  final long instance;
  final long id;
  final boolean dialled;
  final Map<Integer, Message> early = new LinkedHashMap<>();
  Wire.Link link;
  boolean proved;
  boolean over;
  long establishedNanos;
  long lastSentNanos;

  private final FrameCipher outgoing;
  private final FrameCipher incoming;
  private final Deque<Writable> control = new ArrayDeque<>();
  private final Deque<Bulk> bulk = new ArrayDeque<>();
  private long sendSequence;
  private long receiveSequence;

  /** The frame that is being made or that the wire has not taken yet; room for the longest. */
  private ByteBuffer frame = ByteBuffer.allocate(FIRST_FRAME_BYTES);

  private int lengthBytes;
  private byte @Nullable [] given;
  private boolean unsent;

  /** What goes beside the frame, and what to do once the wire reads it no more. */
  private @Nullable ByteBuffer payload;

  private Runnable released = Session::doNothing;

  Session(int rank, long instance, SessionCiphers ciphers, Wire.Link link, boolean dialled) {
    this.rank = rank;
    this.instance = instance;
    this.id = ciphers.session();
    this.outgoing = ciphers.outgoing();
    this.incoming = ciphers.incoming();
    this.link = link;
    this.dialled = dialled;
  }

  private static void doNothing() {}

  void send(Writable message) {
    control.add(message);
  }

  void sendFirst(Message message) {
    control.addFirst(message);
  }

  void send(Bulk item) {
    bulk.add(item);
  }

  boolean hasUnsent() {
    return unsent || !control.isEmpty() || !bulk.isEmpty();
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
      FrameHeader header, Frame frame, Wire.@Nullable Attachment attachment, MessageCursor into) {
    if (header.sequence() < receiveSequence) {
      return Verdict.REPLAYED;
    }
    int bodyBytes = incoming.open(header, frame.bytes(), frame.lengthBytes());
    if (header.sequence() > receiveSequence) {
      return Verdict.GAP;
    }
    ByteBuffer attached = attachment == null ? null : incoming.openAttachment(attachment.bytes());
    receiveSequence++;
    into.wrap(frame, bodyBytes, attached, attachment);
    return Verdict.IN_ORDER;
  }

  /** Sends one frame if there is something to send and the wire takes it. */
  Wire.@Nullable Sent pump(
      Wire wire, int epoch, int ownRank, ChannelOptions options, long nowNanos) {
    if (!unsent) {
      if (control.isEmpty() && bulk.isEmpty()) {
        return null;
      }
      unsent = next(wire, epoch, ownRank, options);
      if (!unsent) {
        return null;
      }
    }
    Wire.Sent sent = wire.copiesFrames() ? lend(wire) : give(wire);
    if (sent == Wire.Sent.ACCEPTED) {
      unsent = false;
      payload = null;
      given = null;
      lastSentNanos = nowNanos;
    }
    return sent;
  }

  private Wire.Sent lend(Wire wire) {
    ByteBuffer beside = payload;
    return beside == null
        ? wire.send(link, frame.array(), lengthBytes)
        : wire.send(link, frame.array(), lengthBytes, beside, released);
  }

  /**
   * The wire gets an array of its own; one, however often it refuses it. A frame that fills most of
   * its array goes with it.
   */
  private Wire.Sent give(Wire wire) {
    ByteBuffer beside = payload;
    if (beside == null && lengthBytes > frame.capacity() / 2) {
      Wire.Sent sent = wire.hand(link, frame.array(), lengthBytes);
      if (sent == Wire.Sent.ACCEPTED) {
        frame = NO_FRAME; // The next one makes its own room.
      }
      return sent;
    }
    byte[] own = given == null ? Arrays.copyOf(frame.array(), lengthBytes) : given;
    given = own;
    return beside == null ? wire.send(link, own) : wire.send(link, own, beside, released);
  }

  /** Lets go of what will not be sent any more. */
  void discard() {
    boolean had = unsent && payload != null;
    unsent = false;
    given = null;
    payload = null;
    if (had) {
      released.run();
    }
  }

  /** Makes the next frame; false when there is nothing to send. */
  private boolean next(Wire wire, int epoch, int ownRank, ChannelOptions options) {
    boolean cold = sendSequence < options.warmUpFrames();
    int mostBytes = options.frameBytes();
    // The one that proves us is short: a wire carries nothing else before that.
    boolean first = dialled && sendSequence == 0;
    int attachFrom =
        first || (cold && outgoing.isSealed()) ? Integer.MAX_VALUE : wire.attachFromBytes();
    int bodyBytes = cold ? Math.min(mostBytes, WARM_UP_BYTES) : mostBytes;
    if (first || bulk.isEmpty()) {
      bodyBytes = Math.min(bodyBytes, SHORT_FRAME_BYTES);
    }
    makeRoom(bodyBytes);
    frame.clear().position(FrameHeader.LENGTH_BYTES);
    fill(bodyBytes + Message.MOST_HEAD_BYTES, attachFrom, wire);
    int messagesBytes = frame.position() - FrameHeader.LENGTH_BYTES;
    if (messagesBytes == 0) {
      return false;
    }
    lengthBytes = outgoing.seal(epoch, ownRank, id, sendSequence++, frame.array(), messagesBytes);
    return true;
  }

  /** Grows once there is more than a few short messages to send. */
  private void makeRoom(int frameBytes) {
    int most =
        FrameHeader.LENGTH_BYTES + frameBytes + Message.MOST_HEAD_BYTES + FrameHeader.TAG_BYTES;
    if (frame.capacity() < most) {
      frame = ByteBuffer.allocate(most);
    }
  }

  private void fill(int roomBytes, int attachFrom, Wire wire) {
    int end = FrameHeader.LENGTH_BYTES + roomBytes;
    for (Writable next = control.peek(); next != null; next = control.peek()) {
      if (next.lengthBytes() > end - frame.position()) {
        if (frame.position() > FrameHeader.LENGTH_BYTES) {
          return;
        }
        makeRoom(next.lengthBytes());
        frame.clear().position(FrameHeader.LENGTH_BYTES);
      }
      control.remove().write(frame);
    }
    for (Bulk item = bulk.peek(); item != null; item = bulk.peek()) {
      if (item.isDone()) {
        bulk.remove();
        continue;
      }
      if (item.isWhole() && item.lengthBytes() >= attachFrom) {
        if (frame.position() > SHORT_FRAME_BYTES) {
          return; // An attachment goes with a short frame.
        }
        if (attach(item, wire)) {
          bulk.remove();
          return;
        }
      }
      if (!item.write(frame, end - frame.position())) {
        return;
      }
    }
  }

  /** Writes the item as the frame's last message, its payload beside it; false if it is cut. */
  private boolean attach(Bulk item, Wire wire) {
    if (!outgoing.isSealed()) {
      payload = item.hold(frame);
      released = item.letGo();
      return true;
    }
    RegisteredBuffer sealed = wire.scratch(FrameCipher.attachmentBytes(item.lengthBytes()));
    if (sealed == null) {
      return false;
    }
    outgoing.sealAttachment(item.hold(frame), sealed.buffer());
    item.letGo().run();
    payload = sealed.buffer().flip();
    released = sealed::close;
    return true;
  }
}
