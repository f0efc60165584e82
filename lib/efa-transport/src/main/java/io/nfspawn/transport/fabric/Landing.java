package io.nfspawn.transport.fabric;

import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** What a read brought here, until its last holder lets go. */
final class Landing implements Wire.Attachment {
  private final SlabPool pool;
  private final Slab slab;
  private final ByteBuffer bytes;
  private final AtomicInteger holders = new AtomicInteger(1);

  Landing(SlabPool pool, Slab slab, int lengthBytes) {
    this.pool = pool;
    this.slab = slab;
    this.bytes = slab.buffer().limit(lengthBytes);
  }

  Slab slab() {
    return slab;
  }

  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  @Override
  public void retain() {
    if (holders.getAndIncrement() < 1) {
      throw new IllegalStateException("attachment was released");
    }
  }

  @Override
  public void release() {
    int left = holders.decrementAndGet();
    if (left == 0) {
      pool.release(slab);
    } else if (left < 0) {
      throw new IllegalStateException("attachment was released twice");
    }
  }
}
