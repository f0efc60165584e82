package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the pages that a selection may want and fetches them, neighbours together. */
final class PageWalk {
  /** Neighbouring pages are fetched together up to this. */
  private static final int READ_BYTES = 1 << 22;

  private final DatasetReader dataset;
  private final Selection selection;
  private final Iterator<ChunkInfo> chunks;
  private ChunkInfo chunk = DatasetReader.NO_CHUNK;
  private List<PageRow> pages = List.of();
  private int nextPage;
  private byte[] stored = new byte[0];
  private long storedOffset;

  PageWalk(DatasetReader dataset, List<ChunkInfo> chunks, Selection selection) {
    this.dataset = dataset;
    this.selection = selection;
    this.chunks = chunks.iterator();
  }

  /** The next page, fetched but not decoded; null after the last. */
  @Nullable FetchedPage next() throws IOException {
    while (true) {
      for (; nextPage < pages.size(); nextPage++) {
        PageRow row = pages.get(nextPage);
        if (wants(row)) {
          FetchedPage page = fetch(row);
          nextPage++;
          return page;
        }
      }
      if (!chunks.hasNext()) {
        return null;
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

  private FetchedPage fetch(PageRow row) throws IOException {
    if (row.offset() < storedOffset
        || row.offset() + row.storedBytes() > storedOffset + stored.length) {
      stored = dataset.chunkReader().stored(chunk, row, lastOfRead(row));
      storedOffset = row.offset();
    }
    return new FetchedPage(
        dataset.chunkReader(), chunk, row, stored, (int) (row.offset() - storedOffset));
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
}
