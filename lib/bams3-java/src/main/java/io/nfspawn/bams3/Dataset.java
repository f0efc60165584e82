package io.nfspawn.bams3;

import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.store.StoreException;
import io.nfspawn.bams3.store.Traffic;
import io.nfspawn.bams3.v1.DatasetReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One BAMS3 dataset, open for reading. Thread-safe: any number of cursors may be open at once, each
 * used by one thread. Chunks are read when a cursor comes to them. The caller closes it.
 *
 * <pre>{@code
 * try (Dataset dataset = Dataset.open(Path.of("NA12878.bams3"));
 *     RecordCursor records = dataset.query(dataset.region("chr20:10,000,000-10,001,000"))) {
 *   while (records.next()) {
 *     RecordView record = records.record();
 *     System.out.println(record.name() + " " + record.start0());
 *   }
 * }
 * }</pre>
 *
 * <p>A dataset in a bucket is opened by its URI, with endpoint, region and credentials of the
 * environment, or with options:
 *
 * <pre>{@code
 * S3Options options = S3Options.of(System.getenv()).withAnonymous(true);
 * try (Dataset dataset = Dataset.open(URI.create("s3://bucket/NA12878.bams3"), options)) {
 *   System.out.println(dataset.counts().records() + " records, " + dataset.traffic());
 * }
 * }</pre>
 */
public interface Dataset extends AutoCloseable {

  /**
   * Opens the dataset in a directory.
   *
   * @throws DatasetOpenException when there is none that can be read
   * @throws CorruptDatasetException when its manifest or header is not what was written
   */
  static Dataset open(Path directory) throws IOException {
    return DatasetReader.open(directory);
  }

  /**
   * Opens the dataset at a {@code file:} or {@code s3://bucket/prefix} URI or a relative path, as
   * the environment says how to reach it ({@link S3Options#of}).
   */
  static Dataset open(URI uri) throws IOException {
    return open(uri, S3Options.of(System.getenv()));
  }

  /**
   * The same with options for buckets.
   *
   * @throws StoreException when the bucket cannot be reached or read
   */
  static Dataset open(URI uri, S3Options options) throws IOException {
    return DatasetReader.open(uri.toString(), options);
  }

  /** Opens the dataset in a store and closes the store with it. */
  static Dataset open(Store store) throws IOException {
    return DatasetReader.open(store);
  }

  /** The place it was opened from, for messages. */
  String place();

  /** What reading has cost so far, where the dataset lies behind a server. */
  Traffic traffic();

  /** Digest of the manifest and with it of all content: equal digests mean equal datasets. */
  String digest();

  /**
   * The uncompressed head of the BAM file: magic, header text, binary contig list; what {@link
   * DatasetWriter#create} takes. The caller owns the array.
   */
  byte[] bamHeader();

  /** The header text, byte for byte that of the input. */
  String headerText();

  /** The sequence dictionary. */
  List<Contig> contigs();

  Optional<Contig> contig(String name);

  /** The {@code @RG} lines, in order. */
  List<ReadGroup> readGroups();

  /** Distinct sample names of the read groups, in order of appearance. */
  List<String> samples();

  /** Whether records are in coordinate order; only then can regions be asked for. */
  boolean isCoordinateSorted();

  /** Number of all records. */
  long records();

  /** Numbers of records by kind and contig. */
  Counts counts();

  /** Chunk span in bases, a power of two. */
  int chunkSpanBp();

  /** Chunks in file order. */
  List<ChunkInfo> chunks();

  /**
   * Pages of a chunk in file order: finer than chunks, so that work can be planned where records
   * lie. Reads the chunk's directory once and keeps it. Only of chunks that have a contig.
   */
  List<PageInfo> pages(ChunkInfo chunk) throws IOException;

  /**
   * Where records lie, at the granularity of pages: disjoint, in dictionary order. Nothing overlaps
   * a base outside of them.
   */
  List<Interval> coveredIntervals() throws IOException;

  /**
   * Reads a region as {@link Region#parse} does, against this dataset's contigs.
   *
   * @throws RegionException when it names no contig
   */
  default Region region(String text) throws RegionException {
    return Region.parse(text, contigs());
  }

  /**
   * Records that a query wants, in file order, each once. From a bucket, the next pages are fetched
   * while those before them are decoded, 32 MiB ahead at most.
   *
   * @throws Bams3Exception when it asks for regions and the dataset is not coordinate sorted
   */
  RecordCursor query(Query query) throws IOException;

  /** All records. */
  default RecordCursor query() throws IOException {
    return query(Query.ALL);
  }

  /**
   * Records that overlap any of the intervals, in file order, each once: what {@code samtools view
   * -M} gives.
   */
  default RecordCursor query(Interval... intervals) throws IOException {
    return query(Query.overlapping(intervals));
  }

  /** The same for regions; {@link Region#UNPLACED} adds the unplaced records. */
  default RecordCursor query(Region... regions) throws IOException {
    return query(Query.overlapping(regions));
  }

  /** Receives the wanted records of a page; several pages at a time on as many threads. */
  @FunctionalInterface
  interface PageVisitor {
    /**
     * @param page valid during the call; may have no record
     */
    void visit(RecordCursor page) throws IOException;
  }

  /** Makes something of the wanted records of a page; several pages at a time. */
  @FunctionalInterface
  interface PageFunction<R> {
    /**
     * @param page valid during the call; may have no record
     */
    R apply(RecordCursor page) throws IOException;
  }

  /** Receives results, one at a time. */
  @FunctionalInterface
  interface ResultVisitor<R> {
    void visit(R result) throws IOException;
  }

  /**
   * Goes through the records that a query wants, page by page (some 2,000 records) and in no
   * particular order, on several threads. Memory is bounded by {@code 3 × threads + 2} pages and
   * what is fetched ahead; returns when all have ended, at the first failure without the rest.
   *
   * <pre>{@code
   * LongAdder bases = new LongAdder();
   * dataset.forEachPage(Query.ALL.excluding(RecordView.DUPLICATE).only(Field.BASES), 4, page -> {
   *   while (page.next()) {
   *     bases.add(page.record().readLengthBp());
   *   }
   * });
   * }</pre>
   *
   * @param threads that decode pages and call the visitor, at least 1; the caller's fetches them
   */
  void forEachPage(Query query, int threads, PageVisitor visitor) throws IOException;

  /**
   * The same, where each page gives a result; results come in file order, on the caller's thread.
   *
   * <pre>{@code
   * PageFunction<List<String>> names = page -> page.stream().map(RecordView::name).toList();
   * dataset.mapPages(Query.ALL.only(Field.NAME), 4, names, some -> some.forEach(System.out::println));
   * }</pre>
   *
   * @param visitor receives what the function gave
   */
  <R> void mapPages(Query query, int threads, PageFunction<R> function, ResultVisitor<R> visitor)
      throws IOException;

  /**
   * Writes a BAM stream: this dataset's exact header and all records, byte for byte once inflated.
   *
   * @param out flushed, not closed
   * @param level deflate level 0 to 9; 0 stores, best for a pipe
   * @return number of records
   */
  long writeBam(OutputStream out, int level) throws IOException;

  /** The same with the records that overlap any of the intervals. */
  long writeBam(OutputStream out, int level, Interval... intervals) throws IOException;

  @Override
  void close();
}
