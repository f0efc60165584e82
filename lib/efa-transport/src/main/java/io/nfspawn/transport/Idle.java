package io.nfspawn.transport;

/**
 * What threads of a channel do between looks for something to do, in the moment before they sleep.
 */
public enum Idle {
  /** They keep their core for some microseconds: soonest answers, where each has one. */
  SPINNING,

  /** They let others run: where more of them wait than there are cores. */
  YIELDING
}
