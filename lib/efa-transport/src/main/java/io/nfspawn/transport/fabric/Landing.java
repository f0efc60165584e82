package io.nfspawn.transport.fabric;

import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a read brought here, until its last holder lets go. */
final class Landing implements Wire.Attachment {
  private final SlabPool pool;
  private final int lengthBytes;
  private @Nullable Slab slab;
  private final AtomicInteger holders = new AtomicInteger(1);

  Landing(SlabPool pool, int lengthBytes) {
    this.pool = pool;
    this.lengthBytes = lengthBytes;
  }

  /** The memory, taken when it is first needed, so that it was used last and is in cache. */
  Slab slab() {
    Slab memory = slab == null ? pool.acquire(lengthBytes) : slab;
    slab = memory;
    return memory;
  }

  @Override
  public ByteBuffer bytes() {
    return slab().buffer().limit(lengthBytes);
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
      if (slab != null) {
        pool.release(slab);
      }
    } else if (left < 0) {
      throw new IllegalStateException("attachment was released twice");
    }
  }
}
