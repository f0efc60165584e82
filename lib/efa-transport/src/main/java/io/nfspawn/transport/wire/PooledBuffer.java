package io.nfspawn.transport.wire;

import io.nfspawn.transport.RegisteredBuffer;
import java.nio.ByteBuffer;

/** A pool's memory in its owner's hands, until it is closed. */
public final class PooledBuffer implements RegisteredBuffer {
  private final ByteBuffer memory;
  private final Runnable giveBack;
  private boolean closed;

  /**
   * @param giveBack runs once, when it is closed
   */
  public PooledBuffer(ByteBuffer memory, Runnable giveBack) {
    this.memory = memory;
    this.giveBack = giveBack;
  }

  @Override
  public ByteBuffer buffer() {
    if (closed) {
      throw new IllegalStateException("buffer was closed, its memory belongs to the pool");
    }
    return memory;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      giveBack.run();
    }
  }
}
