package io.nfspawn.transport.wire;

import io.nfspawn.transport.BufferPool;
import io.nfspawn.transport.RegisteredBuffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Carries opaque frames between endpoints: whole or not at all, in order on one link, with bounded
 * queues, and no promise beyond that. Every method but those that say that they are thread-safe is
 * called by one thread at a time.
 */
public interface Wire extends AutoCloseable {

  /** What became of a frame that was to be sent. */
  enum Sent {
    /** The wire owns the frame now. */
    ACCEPTED,
    /** Its queue is full: the same frame has to be offered again. */
    BACK_PRESSURE,
    /** Nobody is at the other end of the link any more. */
    UNREACHABLE
  }

  /**
   * One way to one peer, made by dialling it or by hearing from it. Equal links lead to one peer.
   */
  interface Link {
    /** Where the peer is, as far as known, for logs. */
    String describe();
  }

  /**
   * A payload that came apart from its frame. It starts with one holder, who got it; the wire takes
   * its memory back when the last one has released it. Thread-safe.
   */
  interface Attachment {
    /** The memory; valid as long as it is held. */
    ByteBuffer bytes();

    /** One holder more. */
    void retain();

    /** One holder less, who must not touch this or its bytes again: both may serve another. */
    void release();
  }

  /** Decides who may connect. */
  interface Gate {
    /**
     * True when {@code ticket} is a member's and was not shown before; who shows another is named.
     */
    boolean admits(byte[] ticket, String from);
  }

  /** Takes what arrives. */
  interface Receiver {
    /** Where the bytes of a frame that is arriving are to be written. */
    default Frame room(int lengthBytes) {
      return Frame.of(new byte[lengthBytes]);
    }

    /** The receiver holds {@code frame} from now on. */
    void onFrame(Link from, Frame frame);

    /** As the other, with a payload the receiver holds from now on. */
    default void onFrame(Link from, Frame frame, Attachment attachment) {
      attachment.release();
      frame.release(1);
    }

    /** The connection behind a link broke, and all that came over it has been handed over. */
    void onLinkDown(Link link);
  }

  /** Short name, as in {@code members.json}. */
  String name();

  /** As {@link #name}, with what it runs over. */
  default String description() {
    return name();
  }

  /** Starts to listen on an ephemeral port of {@code host}; returns the endpoint others dial. */
  String bind(String host);

  /**
   * Whoever connects shows a ticket before anything else of his is kept, where a wire can do that;
   * where it cannot, his first frame has to prove him.
   */
  default void guard(Gate gate) {}

  /** Starts to connect; never blocks. */
  Link dial(String endpoint);

  /** As the other, showing {@code ticket} to the gate there; a ticket admits once. */
  default Link dial(String endpoint, byte[] ticket) {
    return dial(endpoint);
  }

  /**
   * The peer at the other end of {@code link} has proved itself, and this side proves itself with
   * the next frame if it dialled: only then does a wire do more for it than carry short frames.
   */
  default void trust(Link link) {}

  /** The wire owns {@code frame} from now on if the result is ACCEPTED. */
  Sent send(Link link, byte[] frame);

  /** True when frames are copied into memory of the device, so that arrays can be used again. */
  default boolean copiesFrames() {
    return false;
  }

  /** As the other, of the first bytes of an array that stays the caller's. */
  default Sent send(Link link, byte[] frame, int lengthBytes) {
    return send(link, Arrays.copyOf(frame, lengthBytes));
  }

  /**
   * As {@link #send(Link, byte[])}, of the first bytes of an array: the wire owns all of it from
   * now on if the result is ACCEPTED.
   */
  default Sent hand(Link link, byte[] frame, int lengthBytes) {
    return send(link, Arrays.copyOf(frame, lengthBytes));
  }

  /**
   * Shortest payload that is better sent as an attachment than inside frames; MAX_VALUE when this
   * wire has none.
   */
  default int attachFromBytes() {
    return Integer.MAX_VALUE;
  }

  /**
   * As {@link #send(Link, byte[])}, with a payload that the peer reads out of this memory, so it
   * must not change before {@code released} ran: once, on the thread that polls, if the result is
   * ACCEPTED; never otherwise.
   */
  default Sent send(Link link, byte[] frame, ByteBuffer payload, Runnable released) {
    throw new UnsupportedOperationException(name() + " carries no attachments");
  }

  /** As the other, of the first bytes of an array that stays the caller's. */
  default Sent send(
      Link link, byte[] frame, int lengthBytes, ByteBuffer payload, Runnable released) {
    return send(link, Arrays.copyOf(frame, lengthBytes), payload, released);
  }

  /** Memory to encrypt an attachment into; null when there is no room for it now. */
  default @Nullable RegisteredBuffer scratch(int lengthBytes) {
    return null;
  }

  /**
   * What lies between position and limit of {@code memory}, which its owner may move meanwhile,
   * until it is closed, once; null when a view of it does as well. Costs nothing of the heap.
   * Thread-safe.
   */
  default @Nullable RegisteredBuffer lease(ByteBuffer memory) {
    return null;
  }

  /** Memory this wire sends from without copying; null when any direct memory is as good. */
  default @Nullable BufferPool pool(long capacityBytes) {
    return null;
  }

  /** Forgets a link; what it has not sent yet may get lost. */
  void drop(Link link);

  /** Hands over at most {@code limit} frames that are here; returns how many. */
  int poll(Receiver receiver, int limit);

  /**
   * True when {@link #poll} finds everything by itself, so that any thread whose turn it is may
   * call it, one after the other; {@link #park} is then called at any time by the one thread of the
   * channel, which also {@linkplain #watch watches}.
   */
  default boolean isPolled() {
    return false;
  }

  /** True when {@link #park} is called only by who may {@link #poll} at that moment. */
  default boolean parksInTurn() {
    return false;
  }

  /** Sends what was accepted and gathered to be sent together; {@link #poll} does so as well. */
  default void flush() {}

  /** Looks whether peers are still there; always by the same thread. */
  default void watch(long nowNanos) {}

  /** Waits until something may have arrived, {@link #wakeUp} was called or the time is over. */
  void park(long nanos);

  /** Ends the current or next {@link #park}. Thread-safe. */
  void wakeUp();

  /** Sends what links still hold, within {@code lingerMillis} at most, and frees everything. */
  void close(int lingerMillis);

  @Override
  default void close() {
    close(0);
  }
}
