package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.column.PageEncoder;
import io.nfspawn.bams3.column.ReferenceBases;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pages go out to encoders and come back in the order they went, into the chunk they belong to; so
 * the bytes do not depend on the number of threads. Owned by the writer's thread, which stores what
 * is ready when too much is under way: that bounds memory. A distant store gets several chunks at a
 * time.
 */
final class PagePipeline implements AutoCloseable {
  /**
   * What pages under way may hold. An encoder needs up to twenty times its page (long reads, 4 MiB
   * a page), so this keeps a conversion below 1 GiB; it leaves threads idle when there are more
   * than six for long reads, nine for the profile small, 37 for usual pages.
   */
  private static final long PENDING_BYTES = 3L << 23;

  /** What ended chunks may hold in memory until they are stored. */
  private static final int ENDING_BYTES = 1 << 25;

  /** Of one of them: what an upload in parts holds at its end. */
  private static final int HELD_BYTES = 1 << 24;

  private final Target target;
  private final Store store;
  private final WriteOptions options;
  private final @Nullable ReferenceBases reference;
  private final Workers workers;
  private final Consumer<StoredChunk> finished;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final ArrayDeque<RawPage> free = new ArrayDeque<>();
  private final Queue<PageEncoder> encoders = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Ending> ending = new ArrayDeque<>();
  private long pendingBytes;
  private long endingBytes;
  private @Nullable Workers enders;
  private @Nullable ChunkName openName;
  private @Nullable ChunkUpload open;

  /**
   * @param reference bases for reads without the tag MD; closed with this
   */
  PagePipeline(
      Target target,
      WriteOptions options,
      @Nullable ReferenceBases reference,
      Workers workers,
      Consumer<StoredChunk> finished) {
    this.reference = reference;
    this.target = target;
    this.store = target.store();
    this.options = options;
    this.workers = workers;
    this.finished = finished;
  }

  private record Pending(ChunkName chunk, long rawBytes, Future<EncodedPage> page) {}

  /** A chunk on its way to a store that takes its time. */
  private record Ending(ChunkUpload chunk, long heldBytes, Future<StoredChunk> stored) {}

  RawPage freePage() {
    RawPage page = free.poll();
    return page != null ? page : new RawPage(options.profile().pageRecords());
  }

  void submit(ChunkName chunk, RawPage page) throws IOException {
    pending.add(
        new Pending(chunk, page.length(), workers.submit(() -> encode(page, chunk.contig()))));
    pendingBytes += page.length();
    while (pending.size() > workers.maxPending() || pendingBytes > PENDING_BYTES) {
      storeHead();
    }
  }

  private EncodedPage encode(RawPage page, int contig) throws IOException {
    PageEncoder encoder = encoders.poll();
    if (encoder == null) {
      encoder = new PageEncoder(options.profile(), reference);
    }
    try {
      return encode(encoder, page, contig);
    } finally {
      encoders.add(encoder);
    }
  }

  private static EncodedPage encode(PageEncoder encoder, RawPage page, int contig)
      throws IOException {
    encoder.encode(page.bytes(), page.length(), page.records(), contig, page.firstRecord());
    Tally tally = new Tally();
    PageSummary summary = new PageSummary();
    RecordView record = new RecordView();
    byte[] bytes = page.bytes();
    for (int at = 0; at < page.length(); at += record.lengthBytes()) {
      record.moveTo(bytes, at, LittleEndian.int32(bytes, at) + 4);
      tally.add(record);
      summary.add(record);
    }
    byte[] stored = encoder.stored();
    PageRow row = PageRow.of(encoder.shape(stored.length), summary);
    return new EncodedPage(page, stored, row, tally);
  }

  /** Stores everything that is under way and ends the last chunk. */
  void finish() throws IOException {
    while (!pending.isEmpty()) {
      storeHead();
    }
    endChunk();
    try {
      while (!ending.isEmpty()) {
        awaitStored();
      }
    } catch (IOException e) {
      throw cannotWrite(store, e);
    }
  }

  private void storeHead() throws IOException {
    Pending head = pending.remove();
    pendingBytes -= head.rawBytes();
    EncodedPage page = Workers.await(head.page());
    try {
      ChunkUpload chunk = open;
      if (chunk == null || !head.chunk().equals(openName)) {
        endChunk();
        openName = head.chunk();
        chunk = new ChunkUpload(store, head.chunk());
        open = chunk;
      }
      chunk.add(page);
    } catch (IOException e) {
      throw cannotWrite(store, e);
    }
    free.add(page.source());
  }

  /** Ends the open chunk; a distant store makes it visible while the next one is written. */
  private void endChunk() throws IOException {
    ChunkUpload chunk = open;
    if (chunk == null) {
      return;
    }
    try {
      target.checkOwned();
      if (store.requestsAtATime() == 1) {
        finished.accept(chunk.finish(options.spanBp()));
        chunk.close();
      } else {
        endLater(chunk);
      }
      open = null;
    } catch (IOException e) {
      throw cannotWrite(store, e);
    }
  }

  private void endLater(ChunkUpload chunk) throws IOException {
    Workers threads = enders;
    if (threads == null) {
      threads = new Workers("bams3-store", store.requestsAtATime());
      enders = threads;
    }
    long heldBytes = Math.min(HELD_BYTES, chunk.sizeBytes());
    while (!ending.isEmpty()
        && (endingBytes + heldBytes > ENDING_BYTES || ending.size() >= threads.count())) {
      awaitStored();
    }
    Future<StoredChunk> stored = threads.submit(() -> chunk.finish(options.spanBp()));
    ending.add(new Ending(chunk, heldBytes, stored));
    endingBytes += heldBytes;
  }

  /** Chunks become known in file order, whenever they were stored. */
  private void awaitStored() throws IOException {
    Ending first = ending.element();
    finished.accept(Workers.await(first.stored()));
    first.chunk().close();
    ending.remove();
    endingBytes -= first.heldBytes();
  }

  /** The reason as the system gave it, without the name of an object nobody will ever see. */
  static Bams3Exception cannotWrite(Store store, IOException e) {
    if (e instanceof Bams3Exception explained) {
      return explained;
    }
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    String reason =
        e instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : message;
    return new Bams3Exception(
        "cannot write below %s: %s; free space there or choose another target"
            .formatted(store.place(), reason),
        e);
  }

  @Override
  public void close() throws IOException {
    pending.forEach(page -> page.page().cancel(false));
    if (enders != null) {
      enders.closeAndWait();
    }
    for (Ending chunk : ending) {
      chunk.chunk().close();
    }
    if (open != null) {
      open.close();
    }
    encoders.forEach(PageEncoder::close);
    if (reference != null) {
      reference.close();
    }
  }
}
