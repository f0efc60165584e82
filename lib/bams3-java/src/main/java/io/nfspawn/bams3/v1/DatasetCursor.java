package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.column.PageDecoder;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the records that a selection wants, decoding pages on the caller's thread. */
final class DatasetCursor implements RecordCursor {
  private final DatasetReader dataset;
  private final Selection selection;
  private final PageWalk walk;
  private final PageDecoder decoder = new PageDecoder();
  private final RecordView record = new RecordView();
  private boolean closed;
  private byte[] raw = new byte[0];
  private int at;
  private int rawBytes;

  DatasetCursor(DatasetReader dataset, List<ChunkInfo> chunks, Selection selection) {
    this.dataset = dataset;
    this.selection = selection;
    this.walk = new PageWalk(dataset, chunks, selection);
  }

  @Override
  public boolean next() throws IOException {
    if (closed) {
      throw new IllegalStateException("cursor on " + dataset.place() + " is closed");
    }
    while (true) {
      while (at < rawBytes) {
        int length = LittleEndian.int32(raw, at) + 4;
        record.moveTo(raw, at, length);
        at += length;
        if (selection.wants(record)) {
          return true;
        }
      }
      if (!loadPage()) {
        return false;
      }
    }
  }

  private boolean loadPage() throws IOException {
    at = 0;
    rawBytes = 0;
    @Nullable FetchedPage page = walk.next();
    if (page == null) {
      return false;
    }
    raw = page.decode(decoder).records();
    rawBytes = page.rawBytes();
    return true;
  }

  @Override
  public RecordView record() {
    return record;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      decoder.close();
    }
  }
}
