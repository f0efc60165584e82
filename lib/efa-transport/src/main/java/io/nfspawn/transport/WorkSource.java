package io.nfspawn.transport;

/**
 * Hands items out to whichever consumer has credit, in the order they were offered; the consumer
 * with the least under way is served first. An item whose consumer is lost, leaves or lets its
 * lease expire is handed out again, before any newer item.
 */
public interface WorkSource extends Outbox {

  /** Items that had to be handed out again so far. */
  long redelivered();
}
