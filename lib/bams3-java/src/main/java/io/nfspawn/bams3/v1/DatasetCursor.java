package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.RecordView;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records that a selection wants, decoding pages on the caller's thread while the next
 * ones are fetched.
 */
final class DatasetCursor implements RecordCursor {
  private final DatasetReader dataset;
  private final PageWalk walk;
  private final PageRecords records;
  private boolean closed;

  DatasetCursor(DatasetReader dataset, Selection selection) {
    this.dataset = dataset;
    this.walk = new PageWalk(dataset, dataset.chunks(), selection);
    this.records = new PageRecords(selection);
  }

  @Override
  public boolean next() throws IOException {
    if (closed) {
      throw new IllegalStateException("cursor on " + dataset.place() + " is closed");
    }
    while (!records.next()) {
      @Nullable FetchedPage page = walk.next();
      if (page == null) {
        return false;
      }
      records.moveTo(page);
    }
    return true;
  }

  @Override
  public RecordView record() {
    return records.record();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      walk.close();
      records.close();
    }
  }
}
