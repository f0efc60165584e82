package io.nfspawn.bams3.v09;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes one chunk page by page, see {@link ChunkFormat}. Closed unfinished it leaves nothing. */
final class ChunkUpload implements AutoCloseable {
  private final ChunkName name;
  private final Store.Upload upload;
  private final MessageDigest digest = Digests.sha256();
  private final List<PageRow> rows = new ArrayList<>();
  private final PageExtent extent = new PageExtent();
  private final Tally tally = new Tally();
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
    rows.add(page.row().at(offset));
    write(page.stored());
    extent.add(page.row());
    tally.addAll(page.tally());
    rawBytes += page.row().rawBytes();
    records += page.row().records();
  }

  StoredChunk finish(int spanBp) throws IOException {
    byte[] directory = new byte[rows.size() * ChunkFormat.ROW_BYTES];
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).write(directory, i * ChunkFormat.ROW_BYTES);
    }
    write(directory);
    write(tail(directory));
    upload.publish();
    boolean placed = name.contig() >= 0;
    ChunkInfo info =
        new ChunkInfo(
            name.key(),
            name.contig(),
            name.window(spanBp),
            records,
            offset,
            rawBytes,
            placed ? extent.minStart0() : 0,
            placed ? extent.maxEnd0() : 0,
            placed ? extent.maxSpanBp() : 0,
            HexFormat.of().formatHex(digest.digest()));
    return new StoredChunk(name, info, tally);
  }

  private byte[] tail(byte[] directory) {
    byte[] tail = new byte[ChunkFormat.TAIL_BYTES];
    LittleEndian.putInt32(tail, 0, name.contig());
    LittleEndian.putInt32(tail, 4, name.number());
    LittleEndian.putInt32(tail, 8, rows.size());
    LittleEndian.putInt64(tail, 12, records);
    LittleEndian.putInt32(tail, 20, crc32c(directory, directory.length));
    LittleEndian.putInt32(tail, 24, crc32c(tail, 24));
    LittleEndian.putInt32(tail, 28, ChunkFormat.MAGIC);
    return tail;
  }

  static int crc32c(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
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
