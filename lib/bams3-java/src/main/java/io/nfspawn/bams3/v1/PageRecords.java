package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.column.PageDecoder;
import io.nfspawn.bams3.column.ProjectedDecoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of pages that a selection wants, one page after the other. Owned by one thread;
 * holds one decoded page.
 */
final class PageRecords implements AutoCloseable {
  private final Selection selection;
  private final RecordView record = new RecordView();
  private @Nullable PageDecoder whole;
  private @Nullable ProjectedDecoder projected;
  private byte[] bytes = new byte[0];
  private int at;
  private int end;

  PageRecords(Selection selection) {
    this.selection = selection;
  }

  /** Decodes a page and stands before its first record. */
  void moveTo(FetchedPage page) throws IOException {
    at = 0;
    end = 0;
    if (!selection.projection().isWhole()) {
      ProjectedDecoder some = projected;
      if (some == null) {
        some = new ProjectedDecoder(selection.projection());
        projected = some;
      }
      if (page.decode(some)) {
        bytes = some.records();
        end = some.lengthBytes();
        return;
      }
      bytes = decodeWhole(page.whole());
    } else {
      bytes = decodeWhole(page);
    }
    end = page.rawBytes();
  }

  private byte[] decodeWhole(FetchedPage page) throws IOException {
    PageDecoder decoder = whole;
    if (decoder == null) {
      decoder = new PageDecoder();
      whole = decoder;
    }
    return page.decode(decoder).records();
  }

  /** Moves to the next record that is wanted; false after the page's last. */
  boolean next() {
    while (at < end) {
      int length = LittleEndian.int32(bytes, at) + 4;
      record.moveTo(bytes, at, length);
      at += length;
      if (selection.wants(record)) {
        return true;
      }
    }
    return false;
  }

  RecordView record() {
    return record;
  }

  @Override
  public void close() {
    if (whole != null) {
      whole.close();
    }
    if (projected != null) {
      projected.close();
    }
  }
}
