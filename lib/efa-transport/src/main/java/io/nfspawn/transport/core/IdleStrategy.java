package io.nfspawn.transport.core;

/**
 * What to do when there was nothing to do: spin a little, then yield, then park. A park costs about
 * 50 µs to come back from, spinning costs a core.
 */
final class IdleStrategy {
  private static final int SPINS = 50;
  private static final int YIELDS = 10;

  private int idleTurns;

  void reset() {
    idleTurns = 0;
  }

  /** True when it is time to park; spins or yields otherwise. */
  @SuppressWarnings("ThreadPriorityCheck") // A yield is a hint here, nothing depends on it.
  boolean idle() {
    idleTurns++;
    if (idleTurns <= SPINS) {
      Thread.onSpinWait();
      return false;
    }
    if (idleTurns <= SPINS + YIELDS) {
      Thread.yield();
      return false;
    }
    return true;
  }
}
