package io.nfspawn.transport.core;

import io.nfspawn.transport.frame.MalformedFrameException;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What an inbox knows of one process that sends to it. Guarded by the inbox. */
final class Sender {
  final int rank;
  final long instance;

  /** The items that are here and not acknowledged, by number. */
  final NumberMap<Received> held = new NumberMap<>();

  @Nullable Session session;
  boolean ended;
  private long heldBytes;
  private @Nullable ByteBuffer partial;
  private long partialItem;
  private int partialBytes;

  Sender(int rank, long instance) {
    this.rank = rank;
    this.instance = instance;
  }

  void hold(long item, Received received) {
    if (held.put(item, received) == null) {
      heldBytes += received.lengthBytes();
    }
  }

  void unhold(long item) {
    Received received = held.remove(item);
    if (received != null) {
      heldBytes -= received.lengthBytes();
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
    if (part.offsetBytes() == 0 && part.part().remaining() == part.totalBytes()) {
      partial = null;
      return part.part();
    }
    if (part.offsetBytes() == 0) {
      startPartial(part.item(), part.totalBytes(), Assembly.first(part.totalBytes()));
    }
    return addPart(part.item(), part.offsetBytes(), part.totalBytes(), part.part());
  }

  /** A payload in parts begins; {@code memory} holds its first bytes at least. */
  void startPartial(long item, int totalBytes, ByteBuffer memory) {
    partial = memory;
    partialItem = item;
    partialBytes = totalBytes;
  }

  /** The whole payload if this is its last part. */
  @Nullable ByteBuffer addPart(long item, int offsetBytes, int totalBytes, ByteBuffer part) {
    ByteBuffer whole = partial;
    boolean follows =
        whole != null
            && partialItem == item
            && whole.position() == offsetBytes
            && partialBytes == totalBytes
            && part.remaining() <= totalBytes - offsetBytes;
    if (whole == null || !follows) {
      partial = null;
      throw new MalformedFrameException(
          "part " + offsetBytes + " of item " + item + " does not follow the last");
    }
    whole = Assembly.grow(whole, part.remaining(), totalBytes);
    partial = whole;
    whole.put(part);
    if (whole.position() < totalBytes) {
      return null;
    }
    partial = null;
    return whole.flip();
  }
}
