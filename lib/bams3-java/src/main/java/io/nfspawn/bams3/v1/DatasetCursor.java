package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.column.PageDecoder;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/** Walks the chunks, pages and records that a selection may want. */
final class DatasetCursor implements RecordCursor {
  /** Neighbouring pages are fetched together up to this. */
  private static final int READ_BYTES = 1 << 22;

  private final DatasetReader dataset;
  private final Selection selection;
  private final Iterator<ChunkInfo> chunks;
  private final PageDecoder decoder = new PageDecoder();
  private final RecordView record = new RecordView();
  private boolean closed;

  private ChunkInfo chunk;
  private List<PageRow> pages = List.of();
  private int nextPage;
  private byte[] stored = new byte[0];
  private long storedOffset;
  private byte[] raw = new byte[0];
  private int at;
  private int rawBytes;

  DatasetCursor(DatasetReader dataset, List<ChunkInfo> chunks, Selection selection) {
    this.dataset = dataset;
    this.selection = selection;
    this.chunks = chunks.iterator();
    this.chunk = DatasetReader.NO_CHUNK;
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

  @Override
  public RecordView record() {
    return record;
  }

  private boolean loadPage() throws IOException {
    while (true) {
      for (; nextPage < pages.size(); nextPage++) {
        PageRow row = pages.get(nextPage);
        if (wants(row)) {
          load(row);
          nextPage++;
          return true;
        }
      }
      if (!chunks.hasNext()) {
        return false;
      }
      chunk = chunks.next();
      pages = dataset.directory(chunk);
      nextPage = 0;
      stored = new byte[0];
    }
  }

  private boolean wants(PageRow row) {
    return row.mayTouch(selection, chunk.contigIndex());
  }

  private void load(PageRow row) throws IOException {
    if (row.offset() < storedOffset
        || row.offset() + row.storedBytes() > storedOffset + stored.length) {
      stored = dataset.chunkReader().stored(chunk, row, lastOfRead(row));
      storedOffset = row.offset();
    }
    rawBytes = 0;
    int from = (int) (row.offset() - storedOffset);
    dataset.chunkReader().decode(chunk, row, stored, from, decoder);
    raw = decoder.records();
    rawBytes = row.rawBytes();
    at = 0;
  }

  /** The last page that is wanted and near enough to be fetched with this one. */
  private PageRow lastOfRead(PageRow first) {
    PageRow last = first;
    for (int i = nextPage + 1; i < pages.size(); i++) {
      PageRow row = pages.get(i);
      if (!wants(row) || row.offset() + row.storedBytes() - first.offset() > READ_BYTES) {
        break;
      }
      last = row;
    }
    return last;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      decoder.close();
    }
  }
}
