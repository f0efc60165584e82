package io.nfspawn.vcfmerge.bgzf;

import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Turns data into one BGZF block. Owned by one thread at a time; {@link #close} frees zlib. */
final class BlockCompressor implements AutoCloseable {
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final byte[] block = new byte[BgzfFormat.MAX_BLOCK_BYTES];

  byte[] compress(byte[] data, int length) {
    deflater.reset();
    deflater.setInput(data, 0, length);
    deflater.finish();
    int room = block.length - BgzfFormat.HEADER_BYTES - BgzfFormat.FOOTER_BYTES;
    int deflated = deflater.deflate(block, BgzfFormat.HEADER_BYTES, room);
    if (!deflater.finished()) {
      throw new IllegalStateException("deflate of " + length + " bytes needs more than " + room);
    }
    int footer = BgzfFormat.HEADER_BYTES + deflated;
    CRC32 crc = new CRC32();
    crc.update(data, 0, length);
    BgzfFormat.putInt(block, footer, (int) crc.getValue());
    BgzfFormat.putInt(block, footer + 4, length);
    int total = footer + BgzfFormat.FOOTER_BYTES;
    BgzfFormat.putHeader(block, total);
    return Arrays.copyOf(block, total);
  }

  @Override
  public void close() {
    deflater.end();
  }
}
