package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.LittleEndian;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Some blocks of BGZF on their way through a worker. */
final class DeflatedRun implements Callable<DeflatedRun> {
  private static final byte[] HEAD = {
    31, (byte) 139, 8, 4, 0, 0, 0, 0, 0, (byte) 255, 6, 0, 66, 67, 2, 0
  };
  private static final int AROUND_BYTES = BgzfInput.HEADER_BYTES + 8;

  private final byte[] source;
  private final int sourceBytes;
  private final int blockBytes;
  private final int level;
  private byte[] deflated = new byte[0];
  private int length;

  DeflatedRun(byte[] source, int sourceBytes, int blockBytes, int level) {
    this.source = source;
    this.sourceBytes = sourceBytes;
    this.blockBytes = blockBytes;
    this.level = level;
  }

  @Override
  public DeflatedRun call() {
    int blocks = (sourceBytes + blockBytes - 1) / blockBytes;
    deflated = new byte[blocks * BgzfInput.MAX_BLOCK_BYTES];
    Deflater deflater = new Deflater(level, true);
    try {
      for (int at = 0; at < sourceBytes; at += blockBytes) {
        addBlock(deflater, at, Math.min(blockBytes, sourceBytes - at));
      }
    } finally {
      deflater.end();
    }
    return this;
  }

  private void addBlock(Deflater deflater, int at, int size) {
    System.arraycopy(HEAD, 0, deflated, length, HEAD.length);
    int room = BgzfInput.MAX_BLOCK_BYTES - AROUND_BYTES;
    int data = length + BgzfInput.HEADER_BYTES;
    int used = level == 0 ? 0 : deflate(deflater, at, size, data, room);
    if (used == 0) {
      used = store(at, size, data);
    }
    CRC32 crc = new CRC32();
    crc.update(source, at, size);
    LittleEndian.putInt16(deflated, length + 16, used + AROUND_BYTES - 1);
    LittleEndian.putInt32(deflated, data + used, (int) crc.getValue());
    LittleEndian.putInt32(deflated, data + used + 4, size);
    length += used + AROUND_BYTES;
  }

  /** Bytes of deflated data; 0 when they would not fit. */
  private int deflate(Deflater deflater, int at, int size, int to, int room) {
    deflater.reset();
    deflater.setInput(source, at, size);
    deflater.finish();
    int used = deflater.deflate(deflated, to, room);
    return deflater.finished() ? used : 0;
  }

  /** One stored deflate block: 1 final, length, its complement. */
  private int store(int at, int size, int to) {
    deflated[to] = 1;
    LittleEndian.putInt16(deflated, to + 1, size);
    LittleEndian.putInt16(deflated, to + 3, ~size);
    System.arraycopy(source, at, deflated, to + 5, size);
    return size + 5;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(deflated, 0, length);
    deflated = Arrays.copyOf(deflated, 0);
  }
}
