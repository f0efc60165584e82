package io.nfspawn.bams3.legacy;

import com.github.luben.zstd.ZstdInputStream;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.store.Store;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The content of a chunk, uncompressed, read range by range. {@link #verify} is to be called at its
 * end: only then is the checksum known. Not thread-safe.
 */
final class ChunkStream extends InputStream {
  private static final int RANGE_BYTES = 1 << 20;
  private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  private final Store store;
  private final LegacyMetadata.Chunk chunk;
  private final MessageDigest digest;
  private final InputStream content;

  private ChunkStream(Store store, LegacyMetadata.Chunk chunk) throws IOException {
    this.store = store;
    this.chunk = chunk;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    BufferedInputStream stored = new BufferedInputStream(new Stored(), ZSTD_MAGIC.length);
    stored.mark(ZSTD_MAGIC.length);
    boolean compressed = Arrays.equals(stored.readNBytes(ZSTD_MAGIC.length), ZSTD_MAGIC);
    stored.reset();
    // what the metadata say of compression is not always so; the frame's magic is
    this.content = compressed ? new ZstdInputStream(stored) : stored;
  }

  static ChunkStream open(Store store, LegacyMetadata.Chunk chunk) throws IOException {
    return new ChunkStream(store, chunk);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int lengthBytes) throws IOException {
    try {
      return content.read(target, offset, lengthBytes);
    } catch (CorruptDatasetException e) {
      throw e;
    } catch (IOException e) {
      throw corrupt("cannot be read: " + e.getMessage());
    }
  }

  /** Reads what is left and compares the checksum. */
  void verify() throws IOException {
    byte[] rest = new byte[1 << 13];
    while (read(rest, 0, rest.length) >= 0) {
      // nothing is left as a rule; the digest wants to see all
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!chunk.sha256().isEmpty() && !chunk.sha256().equals(found)) {
      throw corrupt("has SHA-256 %s, %s expected".formatted(found, chunk.sha256()));
    }
  }

  CorruptDatasetException corrupt(String problem) {
    return new CorruptDatasetException(store.place(), chunk.key(), problem);
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  /** The stored bytes, digested as they come. */
  private final class Stored extends InputStream {
    private byte[] range = new byte[0];
    private int at;
    private long offset;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int to, int lengthBytes) throws IOException {
      if (lengthBytes == 0) {
        return 0;
      }
      if (at == range.length && !fetch()) {
        return -1;
      }
      int step = Math.min(lengthBytes, range.length - at);
      System.arraycopy(range, at, target, to, step);
      at += step;
      return step;
    }

    private boolean fetch() throws IOException {
      try {
        range = store.read(chunk.key(), offset, RANGE_BYTES);
      } catch (NoSuchFileException e) {
        throw corrupt("is missing");
      }
      at = 0;
      offset += range.length;
      digest.update(range);
      return range.length > 0;
    }
  }
}
