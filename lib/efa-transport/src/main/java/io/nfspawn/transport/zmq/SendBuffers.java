package io.nfspawn.transport.zmq;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct memory for links that have something to send. Most links have nothing most of the time, so
 * the one that wrote last gives its buffer, still in the CPU's cache, to the next.
 */
final class SendBuffers {
  private static final int LEAST_BYTES = 256 << 10;

  private final int capacityBytes;
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

  SendBuffers(int longestFrameBytes) {
    capacityBytes = Math.max(LEAST_BYTES, FrameReader.LONG_HEAD_BYTES + longestFrameBytes);
  }

  ByteBuffer take() {
    ByteBuffer buffer = free.poll();
    return buffer == null ? ByteBuffer.allocateDirect(capacityBytes) : buffer.clear();
  }

  void give(ByteBuffer buffer) {
    free.push(buffer);
  }
}
