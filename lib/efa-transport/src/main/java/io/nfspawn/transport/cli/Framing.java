package io.nfspawn.transport.cli;

import io.nfspawn.transport.ChannelException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How messages lie one after the other in a file or pipe. */
enum Framing {
  /** One line each; a line feed ends it and is not part of it. */
  NEWLINE {
    @Override
    byte @Nullable [] read(InputStream in, int mostBytes) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int next = in.read();
      if (next < 0) {
        return null;
      }
      for (; next >= 0 && next != '\n'; next = in.read()) {
        if (line.size() == mostBytes) {
          throw new ChannelException(
              "a line is longer than " + mostBytes + " bytes; use --framing length or bytes");
        }
        line.write(next);
      }
      return line.toByteArray();
    }

    @Override
    void writeHead(OutputStream out, int lengthBytes) {}

    @Override
    void writeTail(OutputStream out) throws IOException {
      out.write('\n');
    }
  },

  /** Four bytes of length, big-endian, then so many bytes. */
  LENGTH {
    @Override
    byte @Nullable [] read(InputStream in, int mostBytes) throws IOException {
      int first = in.read();
      if (first < 0) {
        return null;
      }
      DataInputStream data = new DataInputStream(in);
      try {
        int lengthBytes = first << 24 | data.readUnsignedByte() << 16 | data.readUnsignedShort();
        if (lengthBytes < 0 || lengthBytes > mostBytes) {
          throw new ChannelException(
              "a message claims "
                  + Integer.toUnsignedString(lengthBytes)
                  + " bytes, allowed are "
                  + mostBytes
                  + "; is the input length-prefixed (4 bytes, big-endian)?");
        }
        byte[] message = new byte[lengthBytes];
        data.readFully(message);
        return message;
      } catch (EOFException e) {
        throw new ChannelException("the input ends inside a message", e);
      }
    }

    @Override
    void writeHead(OutputStream out, int lengthBytes) throws IOException {
      out.write(ByteBuffer.allocate(Integer.BYTES).putInt(lengthBytes).array());
    }

    @Override
    void writeTail(OutputStream out) {}
  },

  /** A stream of bytes, cut anywhere and put together again. */
  BYTES {
    private static final int PIECE_BYTES = 1 << 20;

    @Override
    byte @Nullable [] read(InputStream in, int mostBytes) throws IOException {
      byte[] piece = in.readNBytes(Math.min(PIECE_BYTES, mostBytes));
      return piece.length == 0 ? null : piece;
    }

    @Override
    void writeHead(OutputStream out, int lengthBytes) {}

    @Override
    void writeTail(OutputStream out) {}
  };

  /** The next message; null at the end. */
  abstract byte @Nullable [] read(InputStream in, int mostBytes) throws IOException;

  abstract void writeHead(OutputStream out, int lengthBytes) throws IOException;

  abstract void writeTail(OutputStream out) throws IOException;
}
