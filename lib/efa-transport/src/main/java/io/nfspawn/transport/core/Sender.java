package io.nfspawn.transport.core;

import io.nfspawn.transport.frame.MalformedFrameException;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an inbox knows of one process that sends to it. Guarded by the inbox. */
final class Sender {
  final int rank;
  final long instance;

  /** Lengths of the items that are here and not acknowledged, by number. */
  final Map<Long, Integer> held = new TreeMap<>();

  @Nullable Session session;
  boolean ended;
  private long heldBytes;
  private @Nullable ByteBuffer partial;
  private long partialItem;

  Sender(int rank, long instance) {
    this.rank = rank;
    this.instance = instance;
  }

  void hold(long item, int lengthBytes) {
    if (held.put(item, lengthBytes) == null) {
      heldBytes += lengthBytes;
    }
  }

  void unhold(long item) {
    Integer lengthBytes = held.remove(item);
    if (lengthBytes != null) {
      heldBytes -= lengthBytes;
    }
  }

  long heldBytes() {
    return heldBytes;
  }

  void dropPartial() {
    partial = null;
  }

  /**
   * Adds one part; the whole payload once it is there. One part that is all of it is not copied.
   *
   * @throws MalformedFrameException when parts do not follow each other
   */
  @Nullable ByteBuffer assemble(Message part) {
    int partBytes = part.part().remaining();
    if (part.offsetBytes() == 0) {
      if (partBytes == part.totalBytes()) {
        partial = null;
        return part.part();
      }
      partial = ByteBuffer.allocate(part.totalBytes());
      partialItem = part.item();
    }
    ByteBuffer whole = partial;
    boolean follows =
        whole != null
            && partialItem == part.item()
            && whole.position() == part.offsetBytes()
            && whole.capacity() == part.totalBytes();
    if (whole == null || !follows) {
      partial = null;
      throw new MalformedFrameException(
          "part " + part.offsetBytes() + " of item " + part.item() + " does not follow the last");
    }
    whole.put(part.part());
    if (whole.hasRemaining()) {
      return null;
    }
    partial = null;
    return whole.flip();
  }
}
