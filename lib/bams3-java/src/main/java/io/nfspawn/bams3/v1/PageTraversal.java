package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.Dataset.PageFunction;
import io.nfspawn.bams3.Dataset.PageVisitor;
import io.nfspawn.bams3.Dataset.ResultVisitor;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Workers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;

/**
 * Decodes and visits the pages that a selection may want on several threads. The caller's thread
 * fetches them and holds it back when too many are under way: that bounds memory. Used once.
 */
final class PageTraversal implements AutoCloseable {
  private final PageWalk walk;
  private final Selection selection;
  private final Workers workers;
  private final Queue<PageRecords> free = new ConcurrentLinkedQueue<>();

  PageTraversal(DatasetReader dataset, Selection selection, int threads) {
    this.walk = new PageWalk(dataset, dataset.chunks(), selection);
    this.selection = selection;
    this.workers = new Workers("bams3-page", threads);
  }

  /** Hands out the results in file order, on this thread. */
  <R> void inOrder(PageFunction<R> function, ResultVisitor<R> visitor) throws IOException {
    ArrayDeque<Future<R>> pending = new ArrayDeque<>();
    for (FetchedPage page = walk.next(); page != null; page = walk.next()) {
      FetchedPage next = page;
      pending.add(workers.submit(() -> apply(next, function)));
      if (pending.size() >= workers.maxPending()) {
        visitor.visit(Workers.await(pending.remove()));
      }
    }
    while (!pending.isEmpty()) {
      visitor.visit(Workers.await(pending.remove()));
    }
  }

  /** A slow page holds up no other one. */
  void inAnyOrder(PageVisitor visitor) throws IOException {
    ExecutorCompletionService<Boolean> ended = workers.completions();
    PageFunction<Boolean> visit =
        records -> {
          visitor.visit(records);
          return true;
        };
    int pending = 0;
    for (FetchedPage page = walk.next(); page != null; page = walk.next()) {
      FetchedPage next = page;
      ended.submit(() -> apply(next, visit));
      pending++;
      if (pending >= workers.maxPending()) {
        awaitOne(ended);
        pending--;
      }
    }
    for (; pending > 0; pending--) {
      awaitOne(ended);
    }
  }

  private static void awaitOne(ExecutorCompletionService<Boolean> ended) throws IOException {
    try {
      Workers.await(ended.take());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a page");
    }
  }

  private <R> R apply(FetchedPage page, PageFunction<R> function) throws IOException {
    PageRecords records = free.poll();
    if (records == null) {
      records = new PageRecords(selection);
    }
    try {
      records.moveTo(page);
      return function.apply(new OnePage(records));
    } finally {
      free.add(records);
    }
  }

  /** The records of one page; whoever decoded it closes what is behind. */
  private record OnePage(PageRecords records) implements RecordCursor {
    @Override
    public boolean next() {
      return records.next();
    }

    @Override
    public RecordView record() {
      return records.record();
    }

    @Override
    public void close() {}
  }

  /** Waits for pages under way: a decoder may not be closed in use. */
  @Override
  public void close() {
    walk.close();
    workers.closeAndWait();
    free.forEach(PageRecords::close);
  }
}
