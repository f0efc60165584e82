package io.nfspawn.transport.fabric;

import io.nfspawn.transport.RegisteredBuffer;
import java.nio.ByteBuffer;

/**
 * A part of a slab whose owner keeps it, for who sends it meanwhile. Used again once it was closed,
 * so it is closed once; an application never sees one.
 */
final class Lease implements RegisteredBuffer {
  final Slab slab;
  private final SlabPool pool;
  private final ByteBuffer view;

  Lease(SlabPool pool, Slab slab) {
    this.pool = pool;
    this.slab = slab;
    this.view = slab.buffer();
  }

  Lease begin(int offset, int lengthBytes) {
    view.clear().position(offset).limit(offset + lengthBytes);
    return this;
  }

  @Override
  public ByteBuffer buffer() {
    return view;
  }

  @Override
  public void close() {
    pool.release(this);
  }
}
