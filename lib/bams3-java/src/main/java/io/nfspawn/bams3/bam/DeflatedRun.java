package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.codec.deflate.BlockDeflater;
import io.nfspawn.bams3.codec.deflate.DeflateLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;

/**
 * Some blocks of BGZF on their way through a worker. Used again for later ones. Belongs to the
 * writer, and to one worker while it deflates.
 */
final class DeflatedRun implements Callable<DeflatedRun> {
  private static final byte[] HEAD = {
    31, (byte) 139, 8, 4, 0, 0, 0, 0, 0, (byte) 255, 6, 0, 66, 67, 2, 0
  };
  private static final int AROUND_BYTES = BgzfInput.HEADER_BYTES + 8;

  private final DeflateLibrary library;
  private final int level;
  private final int blockBytes;
  private final CRC32 crc = new CRC32();
  private final byte[] deflated;
  private int length;

  /** What to deflate, from its first byte on. */
  final byte[] source;

  int sourceBytes;

  /**
   * @param level 0 stores
   * @param blockBytes of the source that go into one block
   */
  DeflatedRun(DeflateLibrary library, int level, int blockBytes, int blocks) {
    this.library = library;
    this.level = level;
    this.blockBytes = blockBytes;
    this.source = new byte[blocks * blockBytes];
    this.deflated = new byte[blocks * BgzfInput.MAX_BLOCK_BYTES];
  }

  @Override
  public DeflatedRun call() {
    length = 0;
    if (level == 0) {
      for (int at = 0; at < sourceBytes; at += blockBytes) {
        int size = Math.min(blockBytes, sourceBytes - at);
        frame(at, size, store(at, size));
      }
      return this;
    }
    try (BlockDeflater deflater = library.deflater(level)) {
      for (int at = 0; at < sourceBytes; at += blockBytes) {
        int size = Math.min(blockBytes, sourceBytes - at);
        int room = BgzfInput.MAX_BLOCK_BYTES - AROUND_BYTES;
        int used = deflater.deflate(source, at, size, deflated, dataOffset(), room);
        frame(at, size, used == 0 ? store(at, size) : used);
      }
    }
    return this;
  }

  private int dataOffset() {
    return length + BgzfInput.HEADER_BYTES;
  }

  /** One stored deflate block: 1 final, length, its complement. */
  private int store(int at, int size) {
    int to = dataOffset();
    deflated[to] = 1;
    LittleEndian.putInt16(deflated, to + 1, size);
    LittleEndian.putInt16(deflated, to + 3, ~size);
    System.arraycopy(source, at, deflated, to + 5, size);
    return size + 5;
  }

  /** Puts head and checksum around the data of a block. */
  private void frame(int at, int size, int dataBytes) {
    System.arraycopy(HEAD, 0, deflated, length, HEAD.length);
    LittleEndian.putInt16(deflated, length + 16, dataBytes + AROUND_BYTES - 1);
    crc.reset();
    crc.update(source, at, size);
    int end = dataOffset() + dataBytes;
    LittleEndian.putInt32(deflated, end, (int) crc.getValue());
    LittleEndian.putInt32(deflated, end + 4, size);
    length = end + 8;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(deflated, 0, length);
  }
}
