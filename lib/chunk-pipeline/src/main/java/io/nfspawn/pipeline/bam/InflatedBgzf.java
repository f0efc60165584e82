package io.nfspawn.pipeline.bam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates BGZF from where it lies, which may be memory of a channel: no byte of it is copied
 * before zlib reads it, and what comes out goes to its final place. Blocks are laid out as in
 * {@link StoredBgzf}, of any compression.
 */
final class InflatedBgzf {
  private static final int GZIP_ID = 0x8b1f;
  private static final int EXTRA_LENGTH_OFFSET = 10;
  private static final int EXTRA_OFFSET = 12;
  private static final int SUBFIELD_BC = 'C' << 8 | 'B';
  private static final int BLOCK_LENGTH_OFFSET = 16;
  private static final int HEAD_BYTES = 18;
  private static final int TRAILER_BYTES = 8;
  private static final int MOST_PLAIN_BYTES = 1 << 16;

  private final ByteBuffer bgzf;

  private InflatedBgzf(ByteBuffer bgzf) {
    this.bgzf = bgzf.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * All of it, from position to limit.
   *
   * @throws IOException when it is not whole blocks of BGZF, each with its checksum
   */
  static byte[] of(ByteBuffer bgzf) throws IOException {
    return new InflatedBgzf(bgzf).inflate();
  }

  private byte[] inflate() throws IOException {
    byte[] plain = new byte[plainBytes()];
    Inflater inflater = new Inflater(true);
    try {
      int done = 0;
      for (int at = 0; at < bgzf.limit(); at += blockBytes(at)) {
        done += inflate(inflater, at, plain, done);
      }
    } finally {
      inflater.end();
    }
    return plain;
  }

  private int inflate(Inflater inflater, int at, byte[] plain, int to) throws IOException {
    int end = at + blockBytes(at) - TRAILER_BYTES;
    int lengthBytes = bgzf.getInt(end + Integer.BYTES);
    int from = at + EXTRA_OFFSET + extraBytes(at);
    inflater.reset();
    inflater.setInput(bgzf.slice(from, end - from));
    int done = 0;
    try {
      while (done < lengthBytes) {
        int more = inflater.inflate(plain, to + done, lengthBytes - done);
        if (more == 0) {
          throw new IOException("BGZF block at %d ends early".formatted(at));
        }
        done += more;
      }
    } catch (DataFormatException e) {
      throw new IOException("BGZF block at %d cannot be inflated".formatted(at), e);
    }
    CRC32 crc = new CRC32();
    crc.update(plain, to, lengthBytes);
    if ((int) crc.getValue() != bgzf.getInt(end)) {
      throw new IOException("BGZF block at %d has another checksum than it says".formatted(at));
    }
    return lengthBytes;
  }

  /** The sum of what all blocks say; checks that each can be read. */
  private int plainBytes() throws IOException {
    int sum = 0;
    for (int at = 0; at < bgzf.limit(); at += blockBytes(at)) {
      boolean isBlock =
          bgzf.limit() - at >= HEAD_BYTES + TRAILER_BYTES
              && Short.toUnsignedInt(bgzf.getShort(at)) == GZIP_ID
              && bgzf.getShort(at + EXTRA_OFFSET) == SUBFIELD_BC
              && blockBytes(at) >= EXTRA_OFFSET + extraBytes(at) + TRAILER_BYTES
              && blockBytes(at) <= bgzf.limit() - at;
      int lengthBytes = isBlock ? bgzf.getInt(at + blockBytes(at) - Integer.BYTES) : -1;
      if (lengthBytes < 0 || lengthBytes > MOST_PLAIN_BYTES) {
        throw new IOException("no BGZF block at %d of %d bytes".formatted(at, bgzf.limit()));
      }
      sum = Math.addExact(sum, lengthBytes);
    }
    return sum;
  }

  private int extraBytes(int at) {
    return Short.toUnsignedInt(bgzf.getShort(at + EXTRA_LENGTH_OFFSET));
  }

  private int blockBytes(int at) {
    return Short.toUnsignedInt(bgzf.getShort(at + BLOCK_LENGTH_OFFSET)) + 1;
  }
}
