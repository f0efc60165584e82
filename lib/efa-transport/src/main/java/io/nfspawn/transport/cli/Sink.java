package io.nfspawn.transport.cli;

import io.nfspawn.transport.wire.Copies;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Where received messages are written. Short ones gather in a buffer; a long one that lies outside
 * the heap goes to the file or pipe from where it lies. Not thread-safe.
 */
final class Sink implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel channel;
  private final OutputStream buffered;

  /**
   * @param file open file or pipe; closed with this
   */
  Sink(FileOutputStream file) {
    channel = file.getChannel();
    buffered = new BufferedOutputStream(file, BUFFER_BYTES);
  }

  void write(Framing framing, ByteBuffer message) throws IOException {
    framing.writeHead(buffered, message.remaining());
    if (message.isDirect() && message.remaining() >= BUFFER_BYTES) {
      buffered.flush();
      while (message.hasRemaining()) {
        channel.write(message);
      }
    } else {
      byte[] bytes = new byte[message.remaining()];
      Copies.count(bytes.length);
      message.get(bytes);
      buffered.write(bytes);
    }
    framing.writeTail(buffered);
  }

  /** Hands on what was gathered: whoever reads a pipe should not wait for a buffer to fill. */
  void flush() throws IOException {
    buffered.flush();
  }

  @Override
  public void close() throws IOException {
    buffered.close();
  }
}
