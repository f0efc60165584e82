package io.nfspawn.transport;

/**
 * Gathers the items of several {@link Pusher}s. An item whose key was taken before, whoever sent
 * it, is acknowledged and dropped; keys are remembered for the life of the puller.
 */
public interface Puller extends Inbox {

  /** Items dropped because their key was here before. */
  long duplicates();
}
