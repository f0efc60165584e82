package io.nfspawn.bams3.v09;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads directory and pages of chunks and believes nothing that no checksum covers. Stateless and
 * thread-safe.
 */
final class ChunkReader {
  /** Covers the directory of an ordinary chunk, so that opening one is one read. */
  private static final int TAIL_READ_BYTES = 1 << 15;

  private final Store store;

  ChunkReader(Store store) {
    this.store = store;
  }

  /** The directory of a chunk, checked against its tail and the manifest. */
  List<PageRow> directory(ChunkInfo chunk) throws IOException {
    long size = size(chunk);
    if (size != chunk.sizeBytes()) {
      throw corrupt(chunk, "has %d bytes, the manifest says %d".formatted(size, chunk.sizeBytes()));
    }
    if (size < ChunkFormat.HEADER_BYTES + ChunkFormat.TAIL_BYTES) {
      throw corrupt(chunk, "is too short for a chunk");
    }
    int tailBytes = (int) Math.min(size, TAIL_READ_BYTES);
    byte[] end = read(chunk, size - tailBytes, tailBytes);
    int tail = tailBytes - ChunkFormat.TAIL_BYTES;
    byte[] checked = Arrays.copyOfRange(end, tail, tailBytes);
    if (LittleEndian.int32(checked, 28) != ChunkFormat.MAGIC
        || LittleEndian.int32(checked, 24) != ChunkUpload.crc32c(checked, 24)) {
      throw corrupt(chunk, "has a damaged tail");
    }
    if (LittleEndian.int32(checked, 0) != chunk.contigIndex()
        || LittleEndian.int64(checked, 12) != chunk.records()) {
      throw corrupt(chunk, "is not the chunk that the manifest means");
    }
    int pages = LittleEndian.int32(checked, 8);
    long directoryBytes = (long) pages * ChunkFormat.ROW_BYTES;
    if (pages < 0 || directoryBytes > size - ChunkFormat.TAIL_BYTES) {
      throw corrupt(chunk, "has an impossible number of pages, " + pages);
    }
    byte[] directory =
        directoryBytes <= tail
            ? Arrays.copyOfRange(end, tail - (int) directoryBytes, tail)
            : read(chunk, size - ChunkFormat.TAIL_BYTES - directoryBytes, (int) directoryBytes);
    if (LittleEndian.int32(checked, 20) != ChunkUpload.crc32c(directory, directory.length)) {
      throw corrupt(chunk, "has a directory with a wrong checksum");
    }
    return rows(directory, pages);
  }

  private static List<PageRow> rows(byte[] directory, int pages) {
    PageRow[] rows = new PageRow[pages];
    for (int i = 0; i < pages; i++) {
      rows[i] = PageRow.read(directory, i * ChunkFormat.ROW_BYTES);
    }
    return List.of(rows);
  }

  /** Neighbouring pages in one read. */
  byte[] stored(ChunkInfo chunk, PageRow first, PageRow last) throws IOException {
    long length = last.offset() + last.storedBytes() - first.offset();
    if (length > ChunkFormat.MAX_RAW_BYTES) {
      throw corrupt(chunk, "has pages of " + length + " bytes");
    }
    return read(chunk, first.offset(), (int) length);
  }

  /**
   * Inflates a page into a buffer that is large enough and checks that it consists of whole
   * records.
   *
   * @param at where the page's stored bytes start
   */
  void inflate(
      ChunkInfo chunk, PageRow row, byte[] stored, int at, byte[] raw, ZstdDecompressCtx zstd)
      throws CorruptDatasetException {
    CRC32C crc = new CRC32C();
    crc.update(stored, at, row.storedBytes());
    if ((int) crc.getValue() != row.crc32c()) {
      throw corrupt(chunk, "has a wrong checksum in the page at byte " + row.offset());
    }
    int size;
    try {
      size = zstd.decompressByteArray(raw, 0, row.rawBytes(), stored, at, row.storedBytes());
    } catch (ZstdException e) {
      throw corrupt(
          chunk, "has a page at byte %d that zstd rejects: %s".formatted(row.offset(), e));
    }
    if (size != row.rawBytes()) {
      throw corrupt(chunk, "has a page of %d bytes, want %d".formatted(size, row.rawBytes()));
    }
    checkRecords(chunk, row, raw);
  }

  private void checkRecords(ChunkInfo chunk, PageRow row, byte[] raw)
      throws CorruptDatasetException {
    int at = 0;
    int records = 0;
    while (at + 4 <= row.rawBytes()) {
      int length = LittleEndian.int32(raw, at) + 4;
      if (length < RecordView.FIXED_BYTES || length > row.rawBytes() - at) {
        break;
      }
      at += length;
      records++;
    }
    if (at != row.rawBytes() || records != row.records()) {
      throw corrupt(
          chunk,
          "has a page at byte %d whose records do not fit: %d of %d"
              .formatted(row.offset(), records, row.records()));
    }
  }

  private long size(ChunkInfo chunk) throws IOException {
    try {
      return store.size(chunk.key());
    } catch (NoSuchFileException e) {
      throw corrupt(chunk, "is missing");
    }
  }

  private byte[] read(ChunkInfo chunk, long offset, int length) throws IOException {
    byte[] bytes;
    try {
      bytes = store.read(chunk.key(), offset, length);
    } catch (NoSuchFileException e) {
      throw corrupt(chunk, "is missing");
    }
    if (bytes.length != length) {
      throw corrupt(
          chunk, "ended after %d of %d bytes at byte %d".formatted(bytes.length, length, offset));
    }
    return bytes;
  }

  CorruptDatasetException corrupt(ChunkInfo chunk, String problem) {
    return new CorruptDatasetException(store.place(), chunk.key(), problem);
  }
}
