package io.nfspawn.bams3.column;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.nfspawn.bams3.codec.ByteRans;
import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The columns of a stored page: finds them, checks them, and decodes those that are asked for. */
final class ColumnSources implements AutoCloseable {
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final ByteRans rans = new ByteRans();
  private final ByteSource source = new ByteSource();
  private final CRC32C crc = new CRC32C();
  private final byte[] @Nullable [] buffers = new byte[Column.IDS][];
  private final ByteSource[] sources = new ByteSource[Column.IDS];
  private final boolean[] present = new boolean[Column.IDS];
  private final boolean[] opened = new boolean[Column.IDS];
  private final boolean[] wanted = new boolean[Column.IDS];
  private final int[] codec = new int[Column.IDS];
  private final int[] storedBytes = new int[Column.IDS];
  private final int[] rawBytes = new int[Column.IDS];
  private final int[] crcs = new int[Column.IDS];
  private final int[] offsets = new int[Column.IDS];
  private byte[] page = {};

  ColumnSources() {
    for (int id = 0; id < Column.IDS; id++) {
      sources[id] = new ByteSource();
    }
  }

  /**
   * Reads the page's header.
   *
   * @param available how many bytes of the page are there: all, or the core alone
   */
  void moveTo(byte[] bytes, int offset, int available, PageShape shape) throws CodecException {
    page = bytes;
    Arrays.fill(present, false);
    Arrays.fill(opened, false);
    Arrays.fill(wanted, false);
    checkHeader(bytes, offset, shape);
    source.moveTo(bytes, offset, shape.headerBytes());
    readHeader(offset, available, shape);
    source.checkEnd();
  }

  /** Refuses a header that is not what was written. */
  static void checkHeader(byte[] bytes, int offset, PageShape shape) throws CodecException {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, shape.headerBytes());
    if ((int) crc.getValue() != shape.headerCrc()) {
      throw new CodecException("with a wrong checksum of its header");
    }
  }

  private void readHeader(int offset, int available, PageShape shape) throws CodecException {
    int records = source.nextCount();
    if (records != shape.records()) {
      throw new CodecException("with %d records, want %d".formatted(records, shape.records()));
    }
    long limit = 2L * shape.rawBytes() + (1 << 16);
    long at = shape.headerBytes();
    int before = 0;
    for (int columns = source.nextCount(); columns > 0; columns--) {
      int id = source.nextCount();
      if (id <= before || !Column.isKnown(id)) {
        throw new CodecException("with a column of unknown id " + id);
      }
      codec[id] = source.next();
      storedBytes[id] = source.nextCount();
      rawBytes[id] = source.nextCount();
      crcs[id] = source.nextInt32();
      if (rawBytes[id] > limit || rawBytes[id] == 0) {
        throw new CodecException(id, "says it has %d bytes".formatted(rawBytes[id]));
      }
      offsets[id] = (int) (offset + at);
      at += storedBytes[id];
      present[id] = at <= available;
      if (at > shape.storedBytes() || (id <= Column.LAST_CORE && at > shape.coreBytes())) {
        throw new CodecException(id, "lies beyond the page's end");
      }
      before = id;
    }
    if (at != shape.storedBytes()) {
      throw new CodecException("with %d bytes, want %d".formatted(shape.storedBytes(), at));
    }
  }

  /** Codec of a column, {@link ColumnSinks#RAW} when it is absent. */
  int codec(int id) {
    return present[id] ? codec[id] : ColumnSinks.RAW;
  }

  boolean isPresent(int id) {
    return present[id];
  }

  /**
   * Decodes every column but qualities that their owner decodes. To be called by who wants them
   * all: then each reader's code is small, since the decoding of its columns is not compiled into
   * it.
   */
  void openAll() throws CodecException {
    for (int id = 0; id < Column.IDS; id++) {
      if (present[id] && codec[id] != ColumnSinks.QUALITY_RANS) {
        open(id);
      }
    }
  }

  /** The column from its start; to be asked for once a page. */
  ByteSource column(int id) throws CodecException {
    if (present[id]) {
      wanted[id] = true;
      return opened[id] ? sources[id] : open(id);
    }
    return sources[id].endless();
  }

  private ByteSource open(int id) throws CodecException {
    ByteSource column = sources[id];
    opened[id] = true;
    checkCrc(id);
    if (codec[id] == ColumnSinks.RAW) {
      if (storedBytes[id] != rawBytes[id]) {
        throw new CodecException(
            id, "has %d bytes, want %d".formatted(storedBytes[id], rawBytes[id]));
      }
      return column.moveTo(page, offsets[id], rawBytes[id], id);
    }
    byte[] buffer = buffers[id];
    if (buffer == null || buffer.length < rawBytes[id]) {
      buffer = new byte[Math.max(1 << 12, rawBytes[id] + rawBytes[id] / 4)];
      buffers[id] = buffer;
    }
    decode(id, buffer);
    return column.moveTo(buffer, 0, rawBytes[id], id);
  }

  /** The stored bytes of a column that its owner decodes; checked. */
  ByteSource stored(int id) throws CodecException {
    wanted[id] = true;
    checkCrc(id);
    return source.moveTo(page, offsets[id], storedBytes[id], id);
  }

  int rawBytes(int id) {
    return present[id] ? rawBytes[id] : 0;
  }

  private void checkCrc(int id) throws CodecException {
    crc.reset();
    crc.update(page, offsets[id], storedBytes[id]);
    if ((int) crc.getValue() != crcs[id]) {
      throw new CodecException(id, "has a wrong checksum");
    }
  }

  private void decode(int id, byte[] buffer) throws CodecException {
    try {
      switch (codec[id]) {
        case ColumnSinks.ZSTD -> {
          int size =
              zstd.decompressByteArray(buffer, 0, rawBytes[id], page, offsets[id], storedBytes[id]);
          if (size != rawBytes[id]) {
            throw new CodecException(id, "has %d bytes, want %d".formatted(size, rawBytes[id]));
          }
        }
        case ColumnSinks.BYTE_RANS -> {
          source.moveTo(page, offsets[id], storedBytes[id], id);
          rans.decode(source, buffer, 0, rawBytes[id]);
          source.checkEnd();
        }
        default -> throw new CodecException(id, "has unknown codec " + codec[id]);
      }
    } catch (ZstdException e) {
      throw new CodecException(id, "is rejected by zstd: " + e.getMessage());
    } catch (CodecException e) {
      throw e.stream() >= 0 ? e : new CodecException(id, String.valueOf(e.getMessage()));
    }
  }

  /** All records are made: nothing may be left of any column. */
  void checkEnds() throws CodecException {
    for (int id = 0; id < Column.IDS; id++) {
      if (present[id] && !wanted[id]) {
        throw new CodecException(id, "belongs to no record");
      }
    }
    checkOpenedEnds();
  }

  /** The same where only some columns were wanted: nothing may be left of those. */
  void checkOpenedEnds() throws CodecException {
    for (int id = 0; id < Column.IDS; id++) {
      if (opened[id] && id != Column.QUAL) {
        sources[id].checkEnd();
      }
    }
  }

  @Override
  public void close() {
    zstd.close();
  }
}
