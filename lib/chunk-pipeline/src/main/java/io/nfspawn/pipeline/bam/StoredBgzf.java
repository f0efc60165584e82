package io.nfspawn.pipeline.bam;

import io.nfspawn.transport.wire.Copies;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * BGZF whose blocks are stored, not compressed: what bcftools reads from a pipe soonest.
 *
 * <pre>
 * 0   gzip header with the extra field BC, 18 bytes (SAM specification, section 4.1)
 * 18  u8   1 = last deflate block, stored
 * 19  u16  length        LE
 * 21  u16  ~length       LE
 * 23  …    bytes
 *     u32  CRC-32        LE
 *     u32  length        LE
 * </pre>
 *
 * Closing writes the empty block that marks the end and closes the stream below. Not thread-safe.
 */
public final class StoredBgzf extends OutputStream {
  private static final int MAX_STORED = 0xFF00;
  private static final int HEAD_BYTES = 18 + 5;
  private static final int OVERHEAD = HEAD_BYTES + 8;

  /** The empty block as the specification spells it: readers compare its bytes. */
  private static final byte[] END = {
    0x1f,
    (byte) 0x8b,
    8,
    4,
    0,
    0,
    0,
    0,
    0,
    (byte) 0xff,
    6,
    0,
    0x42,
    0x43,
    2,
    0,
    0x1b,
    0,
    3,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0
  };

  private final OutputStream out;

  /** One block, used again: what is pending lies behind the room for its head. */
  private final ByteBuffer block =
      ByteBuffer.allocate(MAX_STORED + OVERHEAD).order(ByteOrder.LITTLE_ENDIAN);

  private int pendingLength;

  public StoredBgzf(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int left = length;
    while (left > 0) {
      int part = Math.min(left, MAX_STORED - pendingLength);
      System.arraycopy(bytes, at, block.array(), HEAD_BYTES + pendingLength, part);
      pendingLength += part;
      at += part;
      left -= part;
      if (pendingLength == MAX_STORED) {
        writeBlock();
      }
    }
  }

  private void writeBlock() throws IOException {
    CRC32 crc = new CRC32();
    crc.update(block.array(), HEAD_BYTES, pendingLength);
    block.clear().put(END, 0, 16).putShort((short) (pendingLength + OVERHEAD - 1));
    block.put((byte) 1).putShort((short) pendingLength).putShort((short) ~pendingLength);
    block.position(HEAD_BYTES + pendingLength);
    block.putInt((int) crc.getValue()).putInt(pendingLength);
    Copies.count(pendingLength);
    out.write(block.array(), 0, block.position());
    pendingLength = 0;
  }

  @Override
  public void flush() throws IOException {
    if (pendingLength > 0) {
      writeBlock();
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    try (OutputStream closing = out) {
      flush();
      closing.write(END);
    }
  }
}
