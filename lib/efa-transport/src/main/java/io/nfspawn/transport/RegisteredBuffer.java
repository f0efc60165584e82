package io.nfspawn.transport;

import java.nio.ByteBuffer;

/**
 * Memory a wire can send from without another copy: registered with the device on a fabric, plain
 * direct memory on ZeroMQ.
 *
 * <p>It has one owner at a time. Whoever acquired it owns it until an outbox {@link Offer#ACCEPTED
 * accepted} it; from then on the channel does and returns it to its pool when the item has been
 * acknowledged. Not thread-safe; hand it over as one would any buffer.
 */
public interface RegisteredBuffer extends AutoCloseable {

  /** The memory; position and limit mark the payload when it is offered. */
  ByteBuffer buffer();

  /** Returns the memory to its pool; only its owner may call it, more than once does nothing. */
  @Override
  void close();
}
