package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.codec.CodecException;
import io.nfspawn.bams3.column.Projection;
import io.nfspawn.bams3.store.ByteRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Pages of one chunk that are fetched together: neighbours as one range, and what lies apart as the
 * store finds best.
 *
 * @param rows of the directory, ascending
 */
record PageRun(ChunkInfo chunk, List<PageRow> rows) {

  /** What is held once it is fetched whole. */
  long storedBytes() {
    long bytes = 0;
    for (PageRow row : rows) {
      bytes += row.storedBytes();
    }
    return bytes;
  }

  List<FetchedPage> fetch(ChunkReader reader, Projection projection) throws IOException {
    return projection.isWhole() ? fetchWhole(reader) : fetchColumns(reader, projection);
  }

  private List<FetchedPage> fetchWhole(ChunkReader reader) throws IOException {
    List<ByteRange> ranges = neighbours();
    List<byte[]> contents = reader.readAll(chunk, ranges);
    List<FetchedPage> pages = new ArrayList<>(rows.size());
    int range = 0;
    for (PageRow row : rows) {
      while (row.offset() >= ranges.get(range).end()) {
        range++;
      }
      int at = (int) (row.offset() - ranges.get(range).offset());
      pages.add(new FetchedPage(reader, chunk, row, contents.get(range), at));
    }
    return pages;
  }

  private List<ByteRange> neighbours() {
    List<ByteRange> ranges = new ArrayList<>();
    long start = rows.get(0).offset();
    long end = start;
    for (PageRow row : rows) {
      if (row.offset() != end) {
        ranges.add(new ByteRange(start, (int) (end - start)));
        start = row.offset();
      }
      end = row.offset() + row.storedBytes();
    }
    ranges.add(new ByteRange(start, (int) (end - start)));
    return ranges;
  }

  /** First the pages' headers with their core columns, then what those show to be needed. */
  private List<FetchedPage> fetchColumns(ChunkReader reader, Projection projection)
      throws IOException {
    List<ByteRange> cores = new ArrayList<>();
    for (PageRow row : rows) {
      cores.add(new ByteRange(row.offset(), row.shape().coreBytes()));
    }
    List<byte[]> contents = reader.readAll(chunk, cores);
    List<byte[]> stored = new ArrayList<>();
    List<ByteRange> others = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      PageRow row = rows.get(i);
      byte[] page = new byte[row.storedBytes()];
      System.arraycopy(contents.get(i), 0, page, 0, row.shape().coreBytes());
      stored.add(page);
      for (Projection.Stretch stretch : stretches(reader, row, page, projection)) {
        others.add(new ByteRange(row.offset() + stretch.offset(), stretch.lengthBytes()));
        targets.add(new Target(i, stretch.offset()));
      }
    }
    fill(reader, others, targets, stored);
    List<FetchedPage> pages = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      pages.add(new FetchedPage(reader, chunk, rows.get(i), stored.get(i), 0));
    }
    return pages;
  }

  /** Where fetched columns go: a page of these, and a place in it. */
  private record Target(int page, int at) {}

  private List<Projection.Stretch> stretches(
      ChunkReader reader, PageRow row, byte[] page, Projection projection) throws IOException {
    try {
      return projection.stretches(page, row.shape());
    } catch (CodecException e) {
      throw reader.badPage(chunk, row, e);
    }
  }

  private void fill(
      ChunkReader reader, List<ByteRange> ranges, List<Target> targets, List<byte[]> pages)
      throws IOException {
    if (ranges.isEmpty()) {
      return;
    }
    List<byte[]> contents = reader.readAll(chunk, ranges);
    for (int i = 0; i < contents.size(); i++) {
      byte[] content = contents.get(i);
      Target target = targets.get(i);
      System.arraycopy(content, 0, pages.get(target.page()), target.at(), content.length);
    }
  }
}
