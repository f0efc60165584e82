package io.nfspawn.transport;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends items to one puller and learns when the application there took each of them. */
public interface Pusher extends Outbox {

  /**
   * As {@link #put}, and tells when the puller has acknowledged the item. The future of a key that
   * was pushed before completes when that one has been acknowledged. It ends exceptionally with
   * {@link PeerLostException} when the puller is lost, and with {@link ChannelClosedException} when
   * this pusher is closed before the acknowledgement came. Actions that depend on it run on the
   * channel's thread and must not block.
   */
  CompletableFuture<ItemKey> push(ItemKey key, ByteBuffer payload, Duration timeout)
      throws InterruptedException;
}
