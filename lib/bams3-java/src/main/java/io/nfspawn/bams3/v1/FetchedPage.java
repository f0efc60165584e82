package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.column.PageDecoder;

/** A page's stored bytes, inside those of its neighbours. */
final class FetchedPage {
  private final ChunkReader reader;
  private final ChunkInfo chunk;
  private final PageRow row;
  private final byte[] stored;
  private final int at;

  FetchedPage(ChunkReader reader, ChunkInfo chunk, PageRow row, byte[] stored, int at) {
    this.reader = reader;
    this.chunk = chunk;
    this.row = row;
    this.stored = stored;
    this.at = at;
  }

  int rawBytes() {
    return row.rawBytes();
  }

  int records() {
    return row.records();
  }

  /** Decodes it; the records are then in the decoder. */
  PageDecoder decode(PageDecoder decoder) throws CorruptDatasetException {
    reader.decode(chunk, row, stored, at, decoder);
    return decoder;
  }
}
