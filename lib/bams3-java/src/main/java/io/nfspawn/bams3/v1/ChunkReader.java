package io.nfspawn.bams3.v1;

import com.github.luben.zstd.ZstdException;
import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;
import io.nfspawn.bams3.column.PageDecoder;
import io.nfspawn.bams3.store.ByteRange;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * Reads directory and pages of chunks and believes nothing that no checksum covers: the manifest
 * vouches for the index, the index for each page's header, the header for its columns. Stateless
 * and thread-safe.
 */
final class ChunkReader {
  private final Store store;

  ChunkReader(Store store) {
    this.store = store;
  }

  /** The directory of a chunk, checked against its tail and the manifest; one read. */
  List<PageRow> directory(StoredChunk chunk) throws IOException {
    ChunkInfo info = chunk.info();
    int length = chunk.indexBytes();
    if (length < ChunkFormat.TAIL_BYTES
        || length > info.sizeBytes() - ChunkFormat.HEADER_BYTES
        || length > ChunkFormat.MAX_DIRECTORY_BYTES) {
      throw corrupt(info, "cannot have a directory of %d bytes".formatted(length));
    }
    byte[] index = readIndex(info, length);
    if (Digests.crc32c(index, 0, length) != chunk.indexCrc32c()) {
      checkSize(info);
      throw corrupt(info, "has a directory with a wrong checksum");
    }
    int tailAt = length - ChunkFormat.TAIL_BYTES;
    if (!ChunkTail.isSound(index, tailAt)) {
      throw corrupt(info, "has a damaged tail");
    }
    ChunkTail tail = ChunkTail.read(index, tailAt);
    if (!tail.name().equals(chunk.name()) || tail.records() != info.records()) {
      throw corrupt(info, "is not the chunk that the manifest means");
    }
    if (tail.storedBytes() != tailAt
        || tail.rawBytes() < 0
        || tail.rawBytes() > ChunkFormat.MAX_DIRECTORY_BYTES
        || tail.pages() < 1
        || tail.pages() > tail.rawBytes()
        || Digests.crc32c(index, 0, tailAt) != tail.crc32c()) {
      throw corrupt(info, "has a tail that does not fit its directory");
    }
    return rows(info, tail, index);
  }

  /** The last bytes of an object, which must end where the manifest says. */
  private byte[] readIndex(ChunkInfo info, int length) throws IOException {
    try {
      byte[] index = store.read(info.key(), info.sizeBytes() - length, length);
      if (index.length != length) {
        checkSize(info);
        throw corrupt(
            info, "ended after %d of %d bytes of its directory".formatted(index.length, length));
      }
      return index;
    } catch (NoSuchFileException e) {
      throw corrupt(info, "is missing");
    }
  }

  /** Names the likeliest reason first. */
  private void checkSize(ChunkInfo info) throws IOException {
    long size = store.size(info.key());
    if (size != info.sizeBytes()) {
      throw corrupt(info, "has %d bytes, the manifest says %d".formatted(size, info.sizeBytes()));
    }
  }

  private List<PageRow> rows(ChunkInfo info, ChunkTail tail, byte[] index)
      throws CorruptDatasetException {
    PageRow[] rows = new PageRow[tail.pages()];
    long offset = ChunkFormat.HEADER_BYTES;
    long records = 0;
    long rawBytes = 0;
    try {
      byte[] raw = tail.unpack(index, 0);
      ByteSource in = new ByteSource().moveTo(raw, 0, raw.length);
      for (int i = 0; i < rows.length; i++) {
        rows[i] = PageRow.read(in, offset);
        offset += rows[i].storedBytes();
        records += rows[i].records();
        rawBytes += rows[i].rawBytes();
      }
      in.checkEnd();
    } catch (CodecException e) {
      throw corrupt(info, "has a directory that " + e.getMessage());
    } catch (ZstdException e) {
      throw corrupt(info, "has a directory that zstd rejects: " + e.getMessage());
    }
    if (offset != info.sizeBytes() - index.length
        || records != info.records()
        || rawBytes != info.rawSizeBytes()) {
      throw corrupt(info, "has a directory that does not fit its pages");
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
   * Decodes a page, whose records are then in the decoder.
   *
   * @param at where the page's stored bytes start
   */
  void decode(ChunkInfo chunk, PageRow row, byte[] stored, int at, PageDecoder decoder)
      throws CorruptDatasetException {
    try {
      decoder.decode(stored, at, row.shape(), chunk.contigIndex());
    } catch (CodecException e) {
      throw badPage(chunk, row, e);
    }
  }

  CorruptDatasetException badPage(ChunkInfo chunk, PageRow row, CodecException e) {
    return corrupt(chunk, "has a page at byte %d %s".formatted(row.offset(), e.getMessage()));
  }

  byte[] read(ChunkInfo chunk, long offset, int length) throws IOException {
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

  /** Ranges of a chunk, each whole. */
  List<byte[]> readAll(ChunkInfo chunk, List<ByteRange> ranges) throws IOException {
    try {
      List<byte[]> contents = store.readAll(chunk.key(), ranges);
      for (int i = 0; i < ranges.size(); i++) {
        if (contents.get(i).length != ranges.get(i).lengthBytes()) {
          throw corrupt(chunk, "ended inside the page at byte " + ranges.get(i).offset());
        }
      }
      return contents;
    } catch (NoSuchFileException e) {
      throw corrupt(chunk, "is missing");
    }
  }

  CorruptDatasetException corrupt(ChunkInfo chunk, String problem) {
    return new CorruptDatasetException(store.place(), chunk.key(), problem);
  }
}
