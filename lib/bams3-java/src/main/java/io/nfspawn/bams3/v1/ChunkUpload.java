package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.codec.ByteSink;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** Writes one chunk page by page, see {@link ChunkFormat}. Closed unfinished it leaves nothing. */
final class ChunkUpload implements AutoCloseable {
  private final ChunkName name;
  private final Store.Upload upload;
  private final MessageDigest digest = Digests.sha256();
  private final ByteSink rows = new ByteSink(1 << 12);
  private final ChunkExtent extent = new ChunkExtent();
  private final Tally tally = new Tally();
  private int pages;
  private long offset;
  private long rawBytes;
  private long records;

  ChunkUpload(Store store, ChunkName name) throws IOException {
    this.name = name;
    this.upload = store.create(name.key());
    byte[] header = new byte[ChunkFormat.HEADER_BYTES];
    LittleEndian.putInt32(header, 0, ChunkFormat.MAGIC);
    LittleEndian.putInt16(header, 4, ChunkFormat.VERSION);
    write(header);
  }

  void add(EncodedPage page) throws IOException {
    page.row().write(rows);
    write(page.stored());
    extent.add(page.row());
    tally.addAll(page.tally());
    pages++;
    rawBytes += page.row().rawBytes();
    records += page.row().records();
  }

  /** Size of its pages so far. */
  long sizeBytes() {
    return offset;
  }

  StoredChunk finish(int spanBp) throws IOException {
    byte[] index = index();
    write(index);
    upload.publish();
    boolean placed = name.contig() >= 0;
    ChunkInfo info =
        new ChunkInfo(
            name.key(),
            name.contig(),
            name.interval(spanBp),
            records,
            offset,
            rawBytes,
            placed ? extent.minStart0() : 0,
            placed ? extent.maxEnd0() : 0,
            placed ? extent.maxSpanBp() : 0,
            HexFormat.of().formatHex(digest.digest()));
    return new StoredChunk(name, info, index.length, Digests.crc32c(index, 0, index.length), tally);
  }

  /** Directory and tail. */
  private byte[] index() {
    byte[] raw = rows.toByteArray();
    byte[] directory = ChunkTail.pack(raw);
    ChunkTail tail =
        new ChunkTail(
            name,
            pages,
            records,
            directory.length,
            raw.length,
            Digests.crc32c(directory, 0, directory.length),
            directory == raw ? ChunkFormat.RAW : ChunkFormat.ZSTD);
    byte[] index = Arrays.copyOf(directory, directory.length + ChunkFormat.TAIL_BYTES);
    System.arraycopy(tail.toBytes(), 0, index, directory.length, ChunkFormat.TAIL_BYTES);
    return index;
  }

  private void write(byte[] bytes) throws IOException {
    upload.write(bytes, 0, bytes.length);
    digest.update(bytes);
    offset += bytes.length;
  }

  @Override
  public void close() throws IOException {
    upload.close();
  }
}
