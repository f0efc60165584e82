package io.nfspawn.bams3.column;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.nfspawn.bams3.Profile;
import io.nfspawn.bams3.codec.ByteRans;
import io.nfspawn.bams3.codec.ByteSink;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a page while it is encoded, and how they become its bytes. Each column gets the
 * codec that makes it smallest, unless speed counts more: see {@link #mayBeRans}.
 */
final class ColumnSinks implements AutoCloseable {
  static final int RAW = 0;
  static final int ZSTD = 1;
  static final int BYTE_RANS = 2;
  static final int QUALITY_RANS = 3;

  private static final int RAW_BELOW_BYTES = 12;

  /** Longer columns are text or bases, which zstd packs better and unpacks faster. */
  private static final int RANS_BELOW_BYTES = 1 << 17;

  private final Profile profile;
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final ByteRans rans = new ByteRans();
  private final @Nullable ByteSink[] sinks = new ByteSink[Column.IDS];
  private final ByteSink ransOut = new ByteSink(1 << 12);
  private final ByteSink blobs = new ByteSink(1 << 17);
  private final ByteSink table = new ByteSink(1 << 10);
  private final ByteSink page = new ByteSink(1 << 17);
  private final CRC32C crc = new CRC32C();
  private byte[] zstdOut = new byte[1 << 14];
  private final ByteSink codedQualities = new ByteSink(1 << 17);
  private int qualityBytes;
  private int columns;
  private int coreBytes;
  private int headerBytes;

  /** Bytes before and after coding, by column; for reports. */
  private final long[] rawTotals = new long[Column.IDS];

  private final long[] storedTotals = new long[Column.IDS];

  ColumnSinks(Profile profile) {
    this.profile = profile;
    zstd.setLevel(profile.zstdLevel());
  }

  ByteSink sink(int id) {
    ByteSink sink = sinks[id];
    if (sink == null) {
      sink = new ByteSink(1 << 12);
      sinks[id] = sink;
    }
    return sink;
  }

  void clear() {
    for (ByteSink sink : sinks) {
      if (sink != null) {
        sink.clear();
      }
    }
    codedQualities.clear();
    qualityBytes = 0;
  }

  /** Where qualities go that were coded by codec 3 already. */
  ByteSink codedQualities() {
    return codedQualities;
  }

  void useCodedQualities(int rawBytes) {
    qualityBytes = rawBytes;
  }

  /** Codes all columns; the page is then in {@link #page()}. */
  void store(int records) {
    blobs.clear();
    table.clear();
    columns = 0;
    int coreBlobs = 0;
    for (int id = 0; id < Column.IDS; id++) {
      if (id == Column.QUAL && qualityBytes > 0) {
        add(id, QUALITY_RANS, codedQualities.bytes(), codedQualities.length(), qualityBytes);
      } else {
        ByteSink sink = sinks[id];
        if (sink != null && !isZero(sink)) {
          code(id, sink.bytes(), sink.length());
        }
      }
      if (id == Column.LAST_CORE) {
        coreBlobs = blobs.length();
      }
    }
    page.clear();
    page.putUnsigned(records);
    page.putUnsigned(columns);
    page.put(table.bytes(), 0, table.length());
    headerBytes = page.length();
    coreBytes = headerBytes + coreBlobs;
    page.put(blobs.bytes(), 0, blobs.length());
  }

  private static boolean isZero(ByteSink sink) {
    byte[] bytes = sink.bytes();
    for (int i = 0; i < sink.length(); i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void code(int id, byte[] bytes, int length) {
    if (length < RAW_BELOW_BYTES) {
      add(id, RAW, bytes, length, length);
      return;
    }
    int bound = (int) Math.min(Integer.MAX_VALUE - 64, Zstd.compressBound(length));
    if (zstdOut.length < bound) {
      zstdOut = new byte[bound];
    }
    int size = zstd.compressByteArray(zstdOut, 0, bound, bytes, 0, length);
    int best = Math.min(size, length);
    if (length <= RANS_BELOW_BYTES && best > 32 && mayBeRans(id)) {
      ransOut.clear();
      rans.encode(bytes, 0, length, ransOut);
      if (ransOut.length() < best) {
        add(id, BYTE_RANS, ransOut.bytes(), ransOut.length(), length);
        return;
      }
    }
    if (size < length) {
      add(id, ZSTD, zstdOut, size, length);
    } else {
      add(id, RAW, bytes, length, length);
    }
  }

  /**
   * What flags are counted by is read ten times as fast from zstd, for 0.4 % more bytes of a
   * dataset; where reading has to be quick, so are all other columns.
   */
  private boolean mayBeRans(int id) {
    return switch (profile) {
      case FAST -> false;
      case BALANCED ->
          id != Column.FLAG_LOW
              && id != Column.FLAG_HIGH
              && id != Column.MAPQ
              && id != Column.MATE_KIND;
      case SMALL -> true;
    };
  }

  private void add(int id, int codec, byte[] stored, int length, int rawLength) {
    columns++;
    table.putUnsigned(id);
    table.put(codec);
    table.putUnsigned(length);
    table.putUnsigned(rawLength);
    crc.reset();
    crc.update(stored, 0, length);
    table.putInt32((int) crc.getValue());
    blobs.put(stored, 0, length);
    rawTotals[id] += rawLength;
    storedTotals[id] += length;
  }

  /** The stored page. */
  byte[] page() {
    return Arrays.copyOf(page.bytes(), page.length());
  }

  int headerBytes() {
    return headerBytes;
  }

  int coreBytes() {
    return coreBytes;
  }

  int headerCrc() {
    crc.reset();
    crc.update(page.bytes(), 0, headerBytes);
    return (int) crc.getValue();
  }

  long rawTotal(int id) {
    return rawTotals[id];
  }

  long storedTotal(int id) {
    return storedTotals[id];
  }

  @Override
  public void close() {
    zstd.close();
  }
}
