package io.nfspawn.transport.core;

import io.nfspawn.transport.Credit;
import io.nfspawn.transport.frame.MalformedFrameException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a receiver says when it subscribes: {@code items u32 · bytes u64 · held item u64 …}.
 *
 * @param credit what may be under way to it
 * @param held items it has and has not acknowledged: they must not be sent again
 */
record Subscription(Credit credit, Set<Long> held) {
  private static final int FIXED_BYTES = 12;

  ByteBuffer write() {
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + Long.BYTES * held.size());
    out.putInt(credit.items()).putLong(credit.bytes());
    held.forEach(out::putLong);
    return out.flip();
  }

  static Subscription read(ByteBuffer part) {
    ByteBuffer in = part.duplicate();
    if (in.remaining() < FIXED_BYTES || (in.remaining() - FIXED_BYTES) % Long.BYTES != 0) {
      throw new MalformedFrameException("subscription of " + in.remaining() + " bytes");
    }
    int items = in.getInt();
    long bytes = in.getLong();
    if (items < 1 || bytes < 1) {
      throw new MalformedFrameException("credit of " + items + " items, " + bytes + " bytes");
    }
    Set<Long> held = new TreeSet<>();
    while (in.hasRemaining()) {
      held.add(in.getLong());
    }
    return new Subscription(new Credit(items, bytes), held);
  }
}
