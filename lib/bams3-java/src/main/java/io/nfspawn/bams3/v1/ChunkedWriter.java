package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.DatasetWriter;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordException;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.bam.BamHeader;
import io.nfspawn.bams3.column.FastaReference;
import io.nfspawn.bams3.column.ReferenceBases;
import io.nfspawn.bams3.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream of records into chunks and pages. Records in coordinate order go to the chunk of
 * the window they start in, then the unplaced ones to a series of their own. At the first record
 * out of order the rest goes, in the order given, to chunks without a window, unless the header
 * promised the order.
 */
public final class ChunkedWriter implements DatasetWriter {
  private static final ChunkName NONE = new ChunkName(Integer.MIN_VALUE, 0, 0);

  private final Target target;
  private final BamHeader header;
  private final WriteOptions options;
  private final boolean orderPromised;
  private final int windowShift;
  private final PagePipeline pipeline;
  private final Tally total = new Tally();
  private final List<StoredChunk> chunks = new ArrayList<>();

  private ChunkName chunk = NONE;
  private long chunkRawBytes;
  private RawPage page;
  private boolean sorted = true;
  private int lastContig;
  private int lastStart0 = -1;
  private long records;
  private boolean published;

  private ChunkedWriter(Target target, BamHeader header, WriteOptions options, Workers workers)
      throws IOException {
    this.target = target;
    this.header = header;
    this.options = options;
    this.orderPromised = header.sortOrder().equals("coordinate");
    this.windowShift = Integer.numberOfTrailingZeros(options.spanBp());
    this.pipeline = new PagePipeline(target, options, reference(), workers, this::finished);
    this.page = pipeline.freePage();
  }

  /** Starts a dataset in a directory; encodes on threads of its own. */
  public static DatasetWriter create(Path directory, byte[] bamHeader, WriteOptions options)
      throws IOException {
    Workers workers = new Workers("bams3-worker", options.threads());
    try {
      Target target = DirectoryTarget.begin(directory, options.replace());
      return new OwningWriter(on(target, bamHeader, options, workers), workers);
    } catch (IOException | RuntimeException e) {
      workers.close();
      throw e;
    }
  }

  /** Starts a dataset in a store; encodes on threads of its own. */
  public static DatasetWriter create(Store store, byte[] bamHeader, WriteOptions options)
      throws IOException {
    Workers workers = new Workers("bams3-worker", options.threads());
    try {
      return new OwningWriter(create(store, bamHeader, options, workers), workers);
    } catch (IOException | RuntimeException e) {
      workers.close();
      throw e;
    }
  }

  /** Starts a dataset in a directory; encodes on the caller's threads. */
  public static ChunkedWriter create(
      Path directory, byte[] bamHeader, WriteOptions options, Workers workers) throws IOException {
    return on(DirectoryTarget.begin(directory, options.replace()), bamHeader, options, workers);
  }

  /** Starts a dataset in a store, where it appears with its manifest. */
  public static ChunkedWriter create(
      Store store, byte[] bamHeader, WriteOptions options, Workers workers) throws IOException {
    return on(StoreTarget.begin(store, options.replace()), bamHeader, options, workers);
  }

  private static ChunkedWriter on(
      Target target, byte[] bamHeader, WriteOptions options, Workers workers) throws IOException {
    try {
      BamHeader header = BamHeader.parse(bamHeader, target.place());
      return new ChunkedWriter(target, header, options, workers);
    } catch (IOException | RuntimeException e) {
      target.abandon();
      throw e;
    }
  }

  private @Nullable ReferenceBases reference() throws IOException {
    Path fasta = options.reference();
    return fasta == null ? null : FastaReference.open(fasta, header.contigs());
  }

  @Override
  public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
    int contig = LittleEndian.int32(bytes, offset + 4);
    int start0 = LittleEndian.int32(bytes, offset + 8);
    checkContig("lies", contig);
    checkContig("has its mate", LittleEndian.int32(bytes, offset + 24));
    if (sorted) {
      keepOrder(contig, start0);
    }
    boolean newChunk = !belongs(contig, start0, lengthBytes);
    if (newChunk || page.isFullFor(lengthBytes)) {
      flush();
      if (newChunk) {
        startChunk(contig, start0);
      }
    }
    if (page.records() == 0) {
      page.start(records + 1);
    }
    page.add(bytes, offset, lengthBytes);
    chunkRawBytes += lengthBytes;
    records++;
  }

  private void checkContig(String what, int contig) throws RecordException {
    if (contig < -1 || contig >= header.contigs().size()) {
      throw new RecordException(
          records + 1,
          "%s on contig %d, but the header has %d contigs: the file is damaged"
              .formatted(what, contig, header.contigs().size()));
    }
  }

  /** Unplaced records come last, hence the comparison without sign. */
  private void keepOrder(int contig, int start0) throws RecordException {
    int order = Integer.compareUnsigned(contig, lastContig);
    if (records > 0 && (order < 0 || (order == 0 && contig >= 0 && start0 < lastStart0))) {
      if (orderPromised) {
        throw new RecordException(
            records + 1,
            ("(%s) comes after one at %s, but the header says SO:coordinate; sort the file with"
                    + " samtools sort")
                .formatted(position(contig, start0), position(lastContig, lastStart0)));
      }
      sorted = false;
    }
    lastContig = contig;
    lastStart0 = start0;
  }

  private String position(int contig, int start0) {
    return contig < 0 ? "unplaced" : header.contigs().get(contig).name() + ":" + (start0 + 1L);
  }

  private boolean belongs(int contig, int start0, int lengthBytes) {
    int series = series(contig);
    if (series != chunk.contig() || window(series, start0) != chunk.window()) {
      return false;
    }
    long limit = series < 0 ? ChunkFormat.FREE_CHUNK_RAW_BYTES : ChunkFormat.PART_RAW_BYTES;
    return chunkRawBytes + lengthBytes <= limit;
  }

  private void startChunk(int contig, int start0) {
    int series = series(contig);
    int window = window(series, start0);
    boolean nextPart = series == chunk.contig() && window == chunk.window();
    chunk = new ChunkName(series, window, nextPart ? chunk.part() + 1 : 0);
    chunkRawBytes = 0;
  }

  /** The contig under which a record's chunk goes. */
  private int series(int contig) {
    return !sorted ? ChunkInfo.ANY_CONTIG : contig < 0 ? ChunkInfo.UNPLACED : contig;
  }

  private int window(int series, int start0) {
    return series < 0 ? 0 : Math.max(0, start0) >>> windowShift;
  }

  private void flush() throws IOException {
    if (page.records() > 0) {
      pipeline.submit(chunk, page);
      page = pipeline.freePage();
      page.start(records + 1);
    }
  }

  private void finished(StoredChunk stored) {
    total.addAll(stored.tally());
    chunks.add(stored);
  }

  @Override
  public long records() {
    return records;
  }

  /** Whether all records so far came in coordinate order. */
  public boolean isSorted() {
    return sorted;
  }

  @Override
  public void publish() throws IOException {
    flush();
    pipeline.finish();
    byte[] head = header.bytes();
    byte[] packed = HeaderEntry.pack(head);
    HeaderEntry entry = HeaderEntry.of(head, packed);
    if (entry.inline() == null) {
      target.put(Manifest.HEADER_KEY, packed);
    }
    Manifest manifest =
        new Manifest(
            options.profile(), options.spanBp(), sorted, entry, total.counts(), chunks, "");
    target.put(Manifest.KEY, ManifestWriter.toJson(manifest));
    target.publish();
    published = true;
  }

  @Override
  public void close() throws IOException {
    try {
      pipeline.close();
    } finally {
      if (!published) {
        target.abandon();
      }
    }
  }

  /** A writer together with the threads it made. */
  private record OwningWriter(ChunkedWriter writer, Workers workers) implements DatasetWriter {
    @Override
    public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
      writer.write(bytes, offset, lengthBytes);
    }

    @Override
    public long records() {
      return writer.records();
    }

    @Override
    public void publish() throws IOException {
      writer.publish();
    }

    @Override
    public void close() throws IOException {
      try {
        writer.close();
      } finally {
        workers.close();
      }
    }
  }
}
