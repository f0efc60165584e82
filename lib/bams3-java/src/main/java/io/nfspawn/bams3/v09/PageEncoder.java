package io.nfspawn.bams3.v09;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordException;
import io.nfspawn.bams3.RecordView;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Checks, counts and compresses pages; used by one thread at a time. */
final class PageEncoder implements AutoCloseable {
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private byte[] buffer = new byte[0];

  PageEncoder(int level) {
    zstd.setLevel(level);
  }

  EncodedPage encode(RawPage page) throws RecordException {
    Tally tally = new Tally();
    PageExtent extent = new PageExtent();
    RecordView record = new RecordView();
    byte[] bytes = page.bytes();
    long ordinal = page.firstRecord();
    for (int at = 0; at < page.length(); ordinal++) {
      int length = LittleEndian.int32(bytes, at) + 4;
      record.moveTo(bytes, at, length);
      String problem = record.problem();
      if (!problem.isEmpty()) {
        throw new RecordException(ordinal, problem + ": the file is damaged; get another copy");
      }
      tally.add(record);
      extent.add(record);
      at += length;
    }
    return encode(page, tally, extent);
  }

  private EncodedPage encode(RawPage page, Tally tally, PageExtent extent) {
    int bound = (int) Math.min(ChunkFormat.MAX_RAW_BYTES, Zstd.compressBound(page.length()));
    if (buffer.length < bound) {
      buffer = new byte[bound];
    }
    int size = zstd.compressByteArray(buffer, 0, buffer.length, page.bytes(), 0, page.length());
    byte[] stored = Arrays.copyOf(buffer, size);
    CRC32C crc = new CRC32C();
    crc.update(stored);
    long[] kinds = tally.kinds();
    PageRow row =
        new PageRow(
            0,
            size,
            page.length(),
            page.records(),
            extent.minStart0(),
            extent.maxEnd0(),
            extent.maxSpanBp(),
            (int) (kinds[6] + kinds[Tally.KINDS + 6]),
            (int) (kinds[4] + kinds[Tally.KINDS + 4]),
            (int) crc.getValue());
    return new EncodedPage(page, stored, row, tally);
  }

  @Override
  public void close() {
    zstd.close();
  }
}
