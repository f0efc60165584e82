package io.nfspawn.transport;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Sending side of a pattern. Items are kept until a receiver acknowledged them, so a payload given
 * as a {@link ByteBuffer} is not copied and must not change until then; its position and limit are
 * read once. Thread-safe. What is called when an item is acknowledged may be called by a thread
 * that puts, pushes or waits, and must not block.
 */
public interface Outbox extends AutoCloseable {

  /** Offers the bytes between position and limit; never blocks. */
  Offer offer(ItemKey key, ByteBuffer payload);

  /** As the other; the channel owns the buffer once it is accepted. */
  Offer offer(ItemKey key, RegisteredBuffer payload);

  /**
   * Offers until the item is accepted; a key that was accepted before counts as accepted.
   *
   * @throws ChannelTimeoutException when there was no room in time
   * @throws PeerLostException when whoever should receive it is gone
   */
  void put(ItemKey key, ByteBuffer payload, Duration timeout) throws InterruptedException;

  /** Items accepted and not acknowledged yet. */
  long unacknowledged();

  /**
   * Ends the stream: waits until every item has been acknowledged and every expected receiver has
   * seen the end. Nothing may be offered from now on.
   *
   * @throws ChannelTimeoutException naming what is still missing
   * @throws PeerLostException when items are left and every receiver is gone
   */
  void finish(Duration timeout) throws InterruptedException;

  /** Drops what has not been acknowledged; call {@link #finish} first for a graceful end. */
  @Override
  void close();
}
