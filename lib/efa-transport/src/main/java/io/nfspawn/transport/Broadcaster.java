package io.nfspawn.transport;

import java.util.Set;

/**
 * Sends every item to every receiver, in order, without loss: each receiver hands it on to the next
 * one, so the sender's link carries it once however many there are. A receiver that is slow slows
 * all; one that is lost is left out, and the chain closes around it.
 */
public interface Broadcaster extends Outbox {

  /** Receivers that were lost or left before they had acknowledged everything. */
  Set<Integer> lostReceivers();
}
