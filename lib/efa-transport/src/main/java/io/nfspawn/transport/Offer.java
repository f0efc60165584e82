package io.nfspawn.transport;

/** What became of an item that was offered: back pressure is a value, not an error. */
public enum Offer {
  /** Taken; it will reach a receiver that acknowledges it, or the loss of the peers is reported. */
  ACCEPTED,
  /** Not taken: the queue is full. Offer it again later; the payload is still the caller's. */
  BACK_PRESSURE,
  /** Not taken: this key was accepted before. The payload is still the caller's. */
  DUPLICATE
}
