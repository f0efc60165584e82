package io.nfspawn.pipeline.reference;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Random reads of a FASTA, plain or BGZF, by uncompressed offset.
 *
 * <p>The {@code .gzi} of a BGZF file is u64 n, then n pairs of u64 compressed and uncompressed
 * offset of each block but the first (bgzip(1)). Not thread-safe.
 */
final class BgzfBytes implements AutoCloseable {
  private static final int MAX_BLOCK = 1 << 16;

  private final FileChannel file;
  private final boolean compressed;

  /** Uncompressed to compressed offset of every block. */
  private final TreeMap<Long, Long> blocks = new TreeMap<>();

  private BgzfBytes(FileChannel file, boolean compressed) {
    this.file = file;
    this.compressed = compressed;
  }

  static BgzfBytes plain(Path fasta) throws IOException {
    return new BgzfBytes(FileChannel.open(fasta), false);
  }

  static BgzfBytes bgzf(Path fasta, Path gzi) throws IOException {
    ByteBuffer index = ByteBuffer.wrap(Files.readAllBytes(gzi)).order(ByteOrder.LITTLE_ENDIAN);
    BgzfBytes bytes = new BgzfBytes(FileChannel.open(fasta), true);
    bytes.blocks.put(0L, 0L);
    long count = index.getLong();
    for (long i = 0; i < count; i++) {
      long at = index.getLong();
      bytes.blocks.put(index.getLong(), at);
    }
    return bytes;
  }

  boolean isCompressed() {
    return compressed;
  }

  byte[] read(long offset, int length) throws IOException {
    byte[] result = new byte[length];
    if (!compressed) {
      readFully(ByteBuffer.wrap(result), offset);
      return result;
    }
    Map.Entry<Long, Long> block = blocks.floorEntry(offset);
    long compressedAt = block.getValue();
    long skip = offset - block.getKey();
    int done = 0;
    while (done < length) {
      Block next = inflateAt(compressedAt);
      int inflated = next.bytes.limit();
      int part = (int) Math.max(0, Math.min(inflated - skip, length - done));
      if (part > 0) {
        next.bytes.get((int) skip, result, done, part);
      }
      done += part;
      skip = Math.max(0, skip - inflated);
      compressedAt += next.storedLength;
    }
    return result;
  }

  private Block inflateAt(long at) throws IOException {
    ByteBuffer stored = ByteBuffer.allocate((int) Math.min(MAX_BLOCK, file.size() - at));
    readFully(stored, at);
    stored.order(ByteOrder.LITTLE_ENDIAN);
    int extra = Short.toUnsignedInt(stored.getShort(10));
    int length = Short.toUnsignedInt(stored.getShort(16)) + 1;
    byte[] bytes = new byte[stored.getInt(length - 4)];
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(stored.array(), 12 + extra, length - 20 - extra);
      int got = 0;
      while (got < bytes.length && !inflater.finished()) {
        int more = inflater.inflate(bytes, got, bytes.length - got);
        if (more == 0) {
          throw new EOFException("block at " + at + " ends early");
        }
        got += more;
      }
    } catch (DataFormatException e) {
      throw new IOException("block at " + at + " is not sound", e);
    } finally {
      inflater.end();
    }
    return new Block(ByteBuffer.wrap(bytes), length);
  }

  private void readFully(ByteBuffer into, long offset) throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int got = file.read(into, at);
      if (got <= 0) {
        throw new EOFException("file ends at " + at + "; is its index older than the file?");
      }
      at += got;
    }
    into.rewind();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private record Block(ByteBuffer bytes, int storedLength) {}
}
