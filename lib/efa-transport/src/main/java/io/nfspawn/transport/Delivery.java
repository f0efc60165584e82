package io.nfspawn.transport;

import java.nio.ByteBuffer;

/**
 * One received item. The payload belongs to the channel and may be read until {@link #release} or
 * {@link #ack}; whoever needs it longer copies it.
 */
public interface Delivery {

  ItemKey key();

  /** Read-only view of the payload, position 0. */
  ByteBuffer payload();

  /** Rank that sent it. */
  int senderRank();

  /** 1 for the first time the item was handed out, more when it was handed out again. */
  int attempt();

  /** Starts the lease of a work item anew: for work that lasts. */
  void renew();

  /** Gives the payload's memory back while the work on the item goes on. */
  void release();

  /** Tells the sender that the item is done with and never has to be sent again. Idempotent. */
  void ack();
}
