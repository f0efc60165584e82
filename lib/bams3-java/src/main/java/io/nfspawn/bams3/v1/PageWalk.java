package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.Workers;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pages that a selection may want and fetches them, several at once. From a store that
 * answers several requests at a time the next ones, and the directories of the next chunks, are
 * fetched before they are asked for: at most {@link #AHEAD_BYTES} of them. Owned by one thread;
 * after {@link #close()} none of its threads runs.
 */
final class PageWalk implements AutoCloseable {
  /** Pages are fetched together up to this. */
  private static final int RUN_BYTES = 1 << 22;

  private static final int RUN_PAGES = 64;

  /** Fetched and not asked for yet. */
  static final int AHEAD_BYTES = 1 << 25;

  private static final int MAX_REQUESTS = 8;

  private final DatasetReader dataset;
  private final Selection selection;
  private final int requests;
  private final Iterator<ChunkInfo> chunks;
  private final ArrayDeque<Directory> directories = new ArrayDeque<>();
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final ArrayDeque<FetchedPage> fetched = new ArrayDeque<>();
  private ChunkInfo chunk = DatasetReader.NO_CHUNK;
  private List<PageRow> rows = List.of();
  private int nextRow;
  private long pendingBytes;
  private @Nullable Workers fetchers;

  /** What went wrong ahead; thrown when all pages before it have been handed out. */
  private @Nullable IOException failure;

  /** A chunk whose directory is being fetched. */
  private record Directory(ChunkInfo chunk, Future<List<PageRow>> rows) {}

  private record Pending(PageRun run, Future<List<FetchedPage>> pages) {}

  PageWalk(DatasetReader dataset, List<ChunkInfo> chunks, Selection selection) {
    this.dataset = dataset;
    this.selection = selection;
    this.requests = Math.min(MAX_REQUESTS, dataset.store().requestsAtATime());
    this.chunks =
        chunks.stream()
            .filter(c -> selection.mayTouch(c.contigIndex(), c.minStart0(), c.maxEnd0()))
            .iterator();
  }

  /** The next page, fetched but not decoded; null after the last. */
  @Nullable FetchedPage next() throws IOException {
    if (fetched.isEmpty()) {
      Pending first = pending.poll();
      if (first != null) {
        pendingBytes -= first.run().storedBytes();
        fetchAhead();
        fetched.addAll(Workers.await(first.pages()));
      } else {
        if (failure != null) {
          throw failure;
        }
        @Nullable PageRun run = nextRun();
        if (run == null) {
          return null;
        }
        // on this thread, so that a query of one run needs no other
        fetchAhead();
        fetched.addAll(fetch(run));
      }
    }
    return fetched.remove();
  }

  private List<FetchedPage> fetch(PageRun run) throws IOException {
    return run.fetch(dataset.chunkReader(), selection.projection());
  }

  private void fetchAhead() {
    if (requests == 1 || failure != null) {
      return;
    }
    try {
      while (pending.size() < 2 * requests && pendingBytes < AHEAD_BYTES) {
        fetchDirectories();
        if (!hasRow() && !directories.isEmpty() && !directories.element().rows().isDone()) {
          return; // what is fetched already should not wait for it
        }
        @Nullable PageRun run = nextRun();
        if (run == null) {
          return;
        }
        pending.add(new Pending(run, fetchers().submit(() -> fetch(run))));
        pendingBytes += run.storedBytes();
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void fetchDirectories() {
    while (directories.size() < requests && chunks.hasNext()) {
      ChunkInfo next = chunks.next();
      directories.add(new Directory(next, fetchers().submit(() -> dataset.directory(next))));
    }
  }

  private Workers fetchers() {
    Workers started = fetchers;
    if (started == null) {
      started = new Workers("bams3-fetch", requests);
      fetchers = started;
    }
    return started;
  }

  /** Whether the present chunk has another page that is wanted. */
  private boolean hasRow() {
    while (nextRow < rows.size() && !wants(rows.get(nextRow))) {
      nextRow++;
    }
    return nextRow < rows.size();
  }

  private @Nullable PageRun nextRun() throws IOException {
    while (!hasRow()) {
      if (!nextChunk()) {
        return null;
      }
    }
    List<PageRow> run = new ArrayList<>();
    long bytes = 0;
    while (hasRow() && run.size() < RUN_PAGES) {
      PageRow row = rows.get(nextRow);
      bytes += row.storedBytes();
      if (!run.isEmpty() && bytes > RUN_BYTES) {
        break;
      }
      run.add(row);
      nextRow++;
    }
    return new PageRun(chunk, run);
  }

  private boolean nextChunk() throws IOException {
    Directory ahead = directories.poll();
    if (ahead != null) {
      chunk = ahead.chunk();
      rows = Workers.await(ahead.rows());
    } else if (chunks.hasNext()) {
      chunk = chunks.next();
      rows = dataset.directory(chunk);
    } else {
      return false;
    }
    nextRow = 0;
    return true;
  }

  private boolean wants(PageRow row) {
    return selection.mayMatch(row.flagOr(), row.flagAnd())
        && row.mayTouch(selection, chunk.contigIndex());
  }

  @Override
  public void close() {
    if (fetchers != null) {
      fetchers.closeAndWait();
      fetchers = null;
    }
    directories.clear();
    pending.clear();
    fetched.clear();
  }
}
