package io.nfspawn.transport.core;

import io.nfspawn.transport.frame.MalformedFrameException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Tickets that were shown, so that a recorded one opens nothing. Only members can make one, and
 * make one each time they dial; the eldest are forgotten. Owned by the channel's thread.
 */
final class Tickets {
  private static final int MOST = 1 << 16;

  private final Map<ByteBuffer, Boolean> shown = new EldestOutMap<>(MOST);

  /**
   * Takes a ticket.
   *
   * @throws MalformedFrameException when it was taken before
   */
  void take(byte[] ticket) {
    if (shown.put(ByteBuffer.wrap(ticket.clone()), true) != null) {
      throw new MalformedFrameException("ticket was shown before");
    }
  }
}
