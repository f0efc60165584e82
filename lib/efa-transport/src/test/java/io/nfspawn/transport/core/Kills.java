package io.nfspawn.transport.core;

import io.nfspawn.transport.Channel;

/** Ends channels the hard way. */
public final class Kills {
  private Kills() {}

  /** No goodbye, nothing flushed: as if the process had been killed. */
  public static void kill(Channel channel) {
    ((GangChannel) channel).abort();
  }
}
