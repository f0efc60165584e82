package io.nfspawn.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Receiving side of a pattern. Thread-safe: several threads may take from one inbox. */
public interface Inbox extends AutoCloseable {

  /**
   * The next item if one is here; null when there is none now or the stream has ended.
   *
   * @throws PeerLostException when a sender this inbox needs is gone and all it sent was taken
   */
  @Nullable Delivery poll();

  /**
   * Waits for the next item; empty at the end of the stream.
   *
   * @throws ChannelTimeoutException when none came in time
   * @throws PeerLostException when a sender this inbox needs is gone and all it sent was taken
   */
  Optional<Delivery> take(Duration timeout) throws InterruptedException;

  /**
   * For many short items: waits until one is here, hands at most {@code limit} of those that are to
   * {@code visitor}, one after the other on this thread, and acknowledges them all together. A
   * delivery and its payload may be used until the visitor returns, no longer: their memory is used
   * for others. If the visitor throws, those before are acknowledged, and that item and those
   * behind it are here again.
   *
   * @return how many were visited; 0 at the end of the stream
   * @throws ChannelTimeoutException when none came in time
   * @throws PeerLostException when a sender this inbox needs is gone and all it sent was taken
   */
  int drain(int limit, Duration timeout, Consumer<? super Delivery> visitor)
      throws InterruptedException;

  /** True once every sender has ended the stream and every item was taken. */
  boolean isFinished();

  /** Ranks that were lost before they ended their stream. */
  Set<Integer> lostSenders();

  /** Leaves the stream: what was not acknowledged goes back to its sender. */
  @Override
  void close();
}
