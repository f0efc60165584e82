package io.nfspawn.transport.zmq;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import zmq.Msg;

/**
 * A frame that knows how long it waits in JeroMQ's queue: until its I/O thread asks for the bytes
 * to send them. JeroMQ bounds queues by the number of messages alone; one that is long enough for
 * short frames would hold too many long ones.
 */
final class QueuedFrame extends Msg {
  private final Queue queue;
  private boolean counted;

  /** The bytes that wait in one link's queue. */
  static final class Queue {
    private final AtomicLong bytes = new AtomicLong();

    boolean hasRoom(long mostBytes) {
      return bytes.get() < mostBytes;
    }
  }

  QueuedFrame(ByteBuffer bytes, Queue queue) {
    super(bytes);
    this.queue = queue;
  }

  /** JeroMQ has taken it; before its I/O thread can see it. */
  QueuedFrame enter() {
    counted = true;
    queue.bytes.addAndGet(size());
    return this;
  }

  /** JeroMQ did not take it. */
  void leave() {
    if (counted) {
      counted = false;
      queue.bytes.addAndGet(-size());
    }
  }

  @Override
  public ByteBuffer buf() {
    leave();
    return super.buf();
  }
}
