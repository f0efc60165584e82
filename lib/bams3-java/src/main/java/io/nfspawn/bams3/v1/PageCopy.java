package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.column.PageDecoder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes all records of a dataset: pages are decoded by workers, as many ahead as memory allows,
 * and written whole in file order.
 */
final class PageCopy implements AutoCloseable {
  private final PageWalk walk;
  private final Workers workers;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final ArrayDeque<PageDecoder> free = new ArrayDeque<>();
  private final List<PageDecoder> decoders = new ArrayList<>();

  PageCopy(DatasetReader dataset, Workers workers) {
    this.workers = workers;
    this.walk =
        new PageWalk(
            dataset, dataset.chunks(), new Selection(true, true, IntervalSet.of(List.of())));
  }

  private record Pending(FetchedPage page, Future<PageDecoder> decoder) {}

  /**
   * Writes the records.
   *
   * @param progress receives the number written, after each page
   */
  long run(OutputStream out, LongConsumer progress) throws IOException {
    long records = 0;
    while (true) {
      fill();
      Pending head = pending.poll();
      if (head == null) {
        return records;
      }
      PageDecoder decoder = Workers.await(head.decoder());
      out.write(decoder.records(), 0, head.page().rawBytes());
      free.add(decoder);
      records += head.page().records();
      progress.accept(records);
    }
  }

  private void fill() throws IOException {
    while (pending.size() < workers.maxPending()) {
      @Nullable FetchedPage page = walk.next();
      if (page == null) {
        return;
      }
      PageDecoder decoder = free.isEmpty() ? newDecoder() : free.remove();
      pending.add(new Pending(page, workers.submit(() -> page.decode(decoder))));
    }
  }

  private PageDecoder newDecoder() {
    PageDecoder decoder = new PageDecoder();
    decoders.add(decoder);
    return decoder;
  }

  /** Waits for what is under way: a decoder may not be closed in use. */
  @Override
  public void close() {
    for (Pending page : pending) {
      awaitEnd(page.decoder());
    }
    decoders.forEach(PageDecoder::close);
    walk.close();
  }

  private static void awaitEnd(Future<PageDecoder> task) {
    try {
      Workers.await(task);
    } catch (IOException | RuntimeException e) {
      // nobody waits for this page any more; what went wrong first is already on its way
    }
  }
}
