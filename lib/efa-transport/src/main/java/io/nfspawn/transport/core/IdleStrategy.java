package io.nfspawn.transport.core;

import io.nfspawn.transport.Idle;

/**
 * What to do when there was nothing to do: perhaps spin a little, then yield, then park. A park
 * costs about 50 µs to come back from, spinning costs a core.
 */
final class IdleStrategy {
  private static final int SPINS = 50;
  private static final int YIELDS = 10;

  private final int spins;
  private int idleTurns;

  IdleStrategy(Idle idle) {
    spins = idle == Idle.SPINNING ? SPINS : 0;
  }

  void reset() {
    idleTurns = 0;
  }

  /** True when it is time to park; spins or yields otherwise. */
  @SuppressWarnings("ThreadPriorityCheck") // A yield is a hint here, nothing depends on it.
  boolean idle() {
    idleTurns++;
    if (idleTurns <= spins) {
      Thread.onSpinWait();
      return false;
    }
    if (idleTurns <= spins + YIELDS) {
      Thread.yield();
      return false;
    }
    return true;
  }
}
