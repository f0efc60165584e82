package io.nfspawn.transport.fabric;

import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a read brought here, until its last holder lets go; its pool then uses it for another. So
 * nobody may touch it, or a view of its bytes, who has released it.
 */
final class Landing implements Wire.Attachment {
  private final SlabPool pool;
  private final AtomicInteger holders = new AtomicInteger();
  private int lengthBytes;
  private @Nullable Slab slab;

  Landing(SlabPool pool) {
    this.pool = pool;
  }

  /** It has one holder now, and no memory yet. */
  Landing begin(int length) {
    lengthBytes = length;
    holders.set(1);
    return this;
  }

  /** The memory, taken when it is first needed, so that it was used last and is in cache. */
  Slab slab() {
    Slab memory = slab == null ? pool.acquire(lengthBytes) : slab;
    slab = memory;
    return memory;
  }

  @Override
  public ByteBuffer bytes() {
    return slab().view(lengthBytes);
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
      Slab memory = slab;
      slab = null;
      pool.release(this, memory);
    } else if (left < 0) {
      throw new IllegalStateException("attachment was released twice");
    }
  }
}
