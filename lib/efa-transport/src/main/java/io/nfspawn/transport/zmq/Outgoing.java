package io.nfspawn.transport.zmq;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Frames of one link that wait to be sent, as they will lie on the wire, in one buffer: many short
 * ones leave in one go, and a frame's array is its owner's again at once. The buffer bounds them.
 */
final class Outgoing {
  private static final int ROOM_FOR_COMMAND_BYTES = 64;

  private final SendBuffers buffers;

  /** From {@link #sentBytes} to its position: what waits. Null while nothing does. */
  private @Nullable ByteBuffer buffer;

  private int sentBytes;

  Outgoing(SendBuffers buffers) {
    this.buffers = buffers;
  }

  /** Bytes that wait. */
  int bytes() {
    return buffer == null ? 0 : buffer.position() - sentBytes;
  }

  /** Adds a message; false when there is no room for it. */
  boolean add(byte[] frame, int lengthBytes) {
    ByteBuffer out = room(FrameReader.LONG_HEAD_BYTES + lengthBytes);
    if (out == null) {
      return false;
    }
    if (lengthBytes <= FrameReader.LONGEST_SHORT_BYTES) {
      out.putShort((short) lengthBytes); // Flags 0, and one byte of length.
    } else {
      out.put((byte) FrameReader.LONG).putLong(lengthBytes);
    }
    out.put(frame, 0, lengthBytes);
    return true;
  }

  /** Adds a short command; false when there is no room for it. */
  boolean add(Command command) {
    ByteBuffer out = room(ROOM_FOR_COMMAND_BYTES);
    if (out != null) {
      command.write(out);
    }
    return out != null;
  }

  private @Nullable ByteBuffer room(int bytes) {
    ByteBuffer out = buffer;
    if (out == null) {
      out = buffers.take();
      buffer = out;
      sentBytes = 0;
    } else if (out.remaining() < bytes && sentBytes > 0) {
      out.flip().position(sentBytes);
      out.compact();
      sentBytes = 0;
    }
    return out.remaining() < bytes ? null : out;
  }

  /** Writes what the channel takes; true when nothing is left. */
  boolean writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer out = buffer;
    if (out == null) {
      return true;
    }
    int end = out.position();
    out.flip().position(sentBytes);
    try {
      channel.write(out);
    } finally {
      sentBytes = out.position();
      out.limit(out.capacity()).position(end);
    }
    if (sentBytes < end) {
      return false;
    }
    clear();
    return true;
  }

  /** Forgets what waits. */
  void clear() {
    if (buffer != null) {
      buffers.give(buffer);
      buffer = null;
    }
  }
}
