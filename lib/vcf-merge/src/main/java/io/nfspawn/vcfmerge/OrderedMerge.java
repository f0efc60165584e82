package io.nfspawn.vcfmerge;

import io.nfspawn.vcfmerge.MergeReceipt.Completeness;
import io.nfspawn.vcfmerge.MergeReceipt.MergedChunk;
import io.nfspawn.vcfmerge.MergeReceipt.Totals;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the chunks of one sample in dictionary order while they arrive in any order.
 *
 * <p>{@link #accept} may be called by any number of threads; one of them at a time writes what is
 * ready, the others only leave their chunk. Chunks that wait for an earlier one stay in memory up
 * to {@link MergeLimits#bufferBytes} and beyond that in scratch. Nothing appears under a final name
 * before {@link #finish}. The owner closes the merge in every case; closing an unfinished one
 * removes its temporary files.
 *
 * <pre>{@code
 * try (var merge = OrderedMerge.open(MergeRequest.of(sample, MergeTarget.beside(vcf), plan))) {
 *   merge.accept(new ChunkResult(id, VcfSource.of("0:0", bytes), "rank 2", 1, List.of()));
 *   MergeReceipt receipt = merge.finish();
 * }
 * }</pre>
 */
public final class OrderedMerge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OrderedMerge.class);

  /** What became of a chunk. */
  public enum Outcome {
    /** Safe in the merge: written or waiting for its turn. */
    TAKEN,
    /** Was there already with the same records: dropped. */
    REPEATED
  }

  private final MergeRequest request;
  private final Scratch scratch;
  private final Publication publication = new Publication();
  private final OutputStream out;
  private final VcfOutput vcf;
  private final Slots slots;
  private @Nullable VcfHeader canonical;
  private @Nullable Dictionary dictionary;
  private @Nullable Chunk lastWritten;
  private @Nullable IOException failure;
  private int next;
  private boolean writing;
  private boolean headerWritten;
  private boolean finished;

  private OrderedMerge(MergeRequest request) throws IOException {
    this.request = request;
    this.slots = new Slots(request.plan());
    this.scratch = new Scratch(request.limits());
    int threads = request.limits().deflateThreads();
    if (request.target() instanceof MergeTarget.ToFiles files) {
      out = publication.begin(files.vcf());
      vcf = new VcfOutput(out, threads, true, files.index());
    } else {
      out = ((MergeTarget.ToStream) request.target()).out();
      vcf = new VcfOutput(out, threads, false, null);
    }
    if (request.header() != null) {
      try (VcfText text = VcfText.open(request.header())) {
        useHeader(
            VcfHeader.of(request.header().name(), text.headerLines(), request.invocationKeys()));
      } catch (IOException e) {
        close();
        throw e;
      }
    }
  }

  /**
   * @throws OutputException if the output cannot be written
   * @throws InvalidPlanException if the planned cores overlap or are not in dictionary order
   */
  public static OrderedMerge open(MergeRequest request) throws IOException {
    return new OrderedMerge(request);
  }

  /**
   * Takes one chunk. When it returns, the chunk is safe and may be acknowledged.
   *
   * @throws InvalidChunkException if it is not planned, not VCF, cut off, unsorted or reaches
   *     outside its core; the merge can go on
   * @throws HeaderMismatchException if its header disagrees with the canonical one
   * @throws ConflictingChunkException if it was there already with other records, or its records
   *     overlap those of the chunk before it
   * @throws OutputException if output or scratch cannot be written; the merge is over
   */
  public Outcome accept(ChunkResult result) throws IOException {
    Slot slot;
    Chunk.Rules rules;
    synchronized (this) {
      requireOpen();
      slot = slots.of(result);
      rules = new Chunk.Rules(request.plan(), request.invocationKeys(), canonical);
    }
    Chunk chunk = Chunk.read(result, slot.expected.core(), rules, scratch);
    boolean taken = false;
    try {
      taken = take(slot, chunk);
    } finally {
      if (!taken) {
        chunk.body().close();
      }
    }
    if (!taken) {
      LOG.debug("chunk_repeated id={} worker={}", result.id(), result.worker());
      return Outcome.REPEATED;
    }
    if (!slots.openEnded()) {
      writeWhatIsReady();
    }
    return Outcome.TAKEN;
  }

  /** Chunks taken so far, repeats not counted. */
  public synchronized int taken() {
    return slots.taken();
  }

  /** How many scratch files were needed so far. */
  public int spilled() {
    return scratch.files();
  }

  /**
   * Publishes receipt, index and VCF.
   *
   * @throws IncompleteMergeException if planned chunks are missing
   * @throws OutputException if something cannot be written
   */
  public MergeReceipt finish() throws IOException {
    requireComplete();
    if (slots.openEnded()) {
      synchronized (this) {
        if (dictionary != null) {
          slots.sortByRecords(dictionary);
        }
      }
    }
    writeWhatIsReady();
    awaitWriter();
    try {
      return endAndPublish();
    } catch (IOException e) {
      throw fail(e);
    }
  }

  /** Ends the merge; removes what an unfinished one has written. */
  @Override
  public void close() {
    synchronized (this) {
      finished = true;
    }
    vcf.close();
    if (request.target() instanceof MergeTarget.ToFiles) {
      try {
        out.close();
      } catch (IOException e) {
        LOG.debug("output_close_failed reason={}", e.toString());
      }
    }
    publication.close();
    scratch.close();
  }

  private synchronized boolean take(Slot slot, Chunk chunk) throws IOException {
    requireOpen();
    if (canonical == null) {
      useHeader(chunk.header());
    } else {
      canonical.requireAgreementOf(chunk.header());
    }
    return slots.take(slot, chunk);
  }

  private synchronized void useHeader(VcfHeader header) throws InvalidChunkException {
    dictionary = Dictionary.of(request.plan(), header);
    canonical = header;
  }

  /** One thread writes; another one that comes meanwhile leaves its chunk to it. */
  private void writeWhatIsReady() throws IOException {
    for (Chunk chunk = nextToWrite(); chunk != null; chunk = nextToWrite()) {
      try {
        write(chunk);
        written(chunk);
      } catch (IOException e) {
        throw fail(e);
      }
    }
  }

  private synchronized @Nullable Chunk nextToWrite() {
    if (writing || failure != null || finished || next == slots.size()) {
      return null;
    }
    Chunk chunk = slots.get(next).waiting;
    writing = chunk != null;
    return chunk;
  }

  private synchronized void written(Chunk chunk) {
    slots.get(next++).waiting = null;
    if (chunk.last() != null) {
      lastWritten = chunk;
    }
    writing = false;
    notifyAll();
  }

  /** Only by the thread that set {@code writing}, or by finish() after it. */
  private void write(Chunk chunk) throws IOException {
    requireAfterLast(chunk);
    writeHeader();
    chunk.body().forEach(vcf::lines);
    chunk.body().close();
  }

  private void requireAfterLast(Chunk chunk) throws ConflictingChunkException {
    Chunk before = lastWritten;
    Locus last = before == null ? null : before.last();
    if (before != null
        && last != null
        && chunk.first() != null
        && chunk.dictionary().compare(last, chunk.first()) >= 0) {
      throw new ConflictingChunkException(
          "%s and %s overlap: the first one ends at %s, the second one begins at %s; merge chunks that share no position"
              .formatted(before.name(), chunk.name(), last, chunk.first()));
    }
  }

  private void writeHeader() throws IOException {
    VcfHeader header = canonical;
    if (headerWritten || header == null || dictionary == null) {
      return;
    }
    headerWritten = true;
    vcf.header(header.canonical(request.caller().headerLine()), dictionary.contigs());
  }

  private synchronized void requireComplete() throws IOException {
    requireOpen();
    List<ExpectedChunk> missing = slots.openEnded() ? List.of() : slots.missing();
    if (!missing.isEmpty()) {
      throw new IncompleteMergeException(outputName(), missing, slots.size());
    }
    if (canonical == null) {
      throw new OutputException(
          outputName() + " is not published: no chunk came, so there is no header to write");
    }
  }

  private synchronized void awaitWriter() throws IOException {
    try {
      while (writing && failure == null) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the last chunk was written");
    }
    if (failure != null) {
      throw over();
    }
  }

  private MergeReceipt endAndPublish() throws IOException {
    writeHeader();
    vcf.finish();
    MergeReceipt receipt = receipt();
    if (request.target() instanceof MergeTarget.ToFiles files) {
      out.close();
      Path index = indexOf(files, vcf.indexFormat());
      publication.write(files.stats(), receipt.toJson());
      try (OutputStream indexOut = publication.begin(index)) {
        vcf.writeIndex(indexOut);
      }
      deleteOtherIndex(files);
      publication.publish(files.stats(), index, files.vcf());
    }
    synchronized (this) {
      finished = true;
    }
    LOG.debug("merge_published vcf={} records={}", outputName(), receipt.totals().records());
    return receipt;
  }

  private static Path indexOf(MergeTarget.ToFiles files, IndexFormat format) {
    return files.vcf().resolveSibling(files.vcf().getFileName() + format.suffix());
  }

  /** Of an earlier merge: tools would read it beside the new VCF. */
  private void deleteOtherIndex(MergeTarget.ToFiles files) throws IOException {
    for (IndexFormat format : IndexFormat.values()) {
      if (format != vcf.indexFormat()) {
        Files.deleteIfExists(indexOf(files, format));
      }
    }
  }

  private synchronized MergeReceipt receipt() {
    List<MergedChunk> chunks = new ArrayList<>();
    List<Interval> overDepth = new ArrayList<>();
    long records = 0;
    for (Slot slot : slots.all()) {
      if (slot.receipt != null) {
        chunks.add(slot.receipt);
        overDepth.addAll(slot.overDepth);
        records += slot.receipt.records();
      }
    }
    String digest = request.plan().digest();
    Dictionary order = dictionary == null ? new Dictionary(List.of()) : dictionary;
    return new MergeReceipt(
        MergeReceipt.SCHEMA,
        request.sample(),
        digest,
        digest == null ? Completeness.UNKNOWN : Completeness.COMPLETE,
        chunks,
        new Totals(digest == null ? null : slots.size(), chunks.size(), records),
        OverDepth.joined(overDepth, order),
        request.caller().version(),
        request.caller().command(),
        vcf.sha256());
  }

  private synchronized void requireOpen() throws OutputException {
    if (failure != null) {
      throw over();
    }
    if (finished) {
      throw new IllegalStateException("the merge to " + outputName() + " is finished or closed");
    }
  }

  private OutputException over() {
    return new OutputException(
        outputName() + ": the merge has failed before: " + (failure == null ? "" : failure));
  }

  private synchronized IOException fail(IOException cause) {
    IOException typed =
        cause instanceof VcfMergeException ? cause : new OutputException(outputName(), cause);
    failure = typed;
    writing = false;
    notifyAll();
    return typed;
  }

  private String outputName() {
    return request.target() instanceof MergeTarget.ToFiles files ? files.vcf().toString() : "-";
  }
}
