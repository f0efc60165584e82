package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.codec.CodecException;
import io.nfspawn.bams3.column.PageDecoder;
import io.nfspawn.bams3.column.ProjectedDecoder;
import java.io.IOException;

/** A page's stored bytes, inside those of its neighbours; of a projection, with holes. */
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

  /** Decodes what a projection wants; false when it takes the {@link #whole()} page. */
  boolean decode(ProjectedDecoder decoder) throws CorruptDatasetException {
    try {
      return decoder.decode(stored, row.shape(), chunk.contigIndex());
    } catch (CodecException e) {
      throw reader.badPage(chunk, row, e);
    }
  }

  /** The same page, fetched again without holes. */
  FetchedPage whole() throws IOException {
    return new FetchedPage(reader, chunk, row, reader.stored(chunk, row, row), 0);
  }
}
