package io.nfspawn.bams3.v1;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.ChunkInfo;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.CorruptDatasetException;
import io.nfspawn.bams3.Counts;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.DatasetOpenException;
import io.nfspawn.bams3.DatasetOpenException.Reason;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.IntervalSet;
import io.nfspawn.bams3.PageInfo;
import io.nfspawn.bams3.Query;
import io.nfspawn.bams3.ReadGroup;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.bam.BamHeader;
import io.nfspawn.bams3.bam.BgzfOutput;
import io.nfspawn.bams3.store.DirectoryStore;
import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.store.StorePlace;
import io.nfspawn.bams3.store.Traffic;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** A dataset of format 1.0. Immutable but for the page directories it keeps. */
public final class DatasetReader implements Dataset {
  static final ChunkInfo NO_CHUNK = new ChunkInfo("", -1, null, 0, 0, 0, 0, 0, 0, "");

  private final Store store;
  private final Manifest manifest;
  private final BamHeader header;
  private final ChunkReader chunkReader;
  private final List<ChunkInfo> chunks;
  private final Map<String, StoredChunk> chunksByKey = new HashMap<>();
  private final Map<String, Contig> contigsByName;
  private final Map<String, List<PageRow>> directories = new ConcurrentHashMap<>();

  private DatasetReader(Store store, Manifest manifest, BamHeader header) {
    this.store = store;
    this.manifest = manifest;
    this.header = header;
    this.chunkReader = new ChunkReader(store);
    this.chunks = manifest.chunks().stream().map(StoredChunk::info).toList();
    manifest.chunks().forEach(chunk -> chunksByKey.put(chunk.name().key(), chunk));
    this.contigsByName = new HashMap<>();
    for (Contig contig : header.contigs()) {
      contigsByName.putIfAbsent(contig.name(), contig);
    }
  }

  /** Opens the dataset at a path or URI, as a user gives it. */
  public static DatasetReader open(String place) throws IOException {
    return open(place, S3Options.of(System.getenv()));
  }

  /** The same with options for buckets. */
  public static DatasetReader open(String place, S3Options options) throws IOException {
    StorePlace where = StorePlace.of(place);
    if (where instanceof StorePlace.InFileSystem files) {
      return open(files.path());
    }
    if (where instanceof StorePlace.InBucket bucket) {
      return openAndOwn(bucket.open(options));
    }
    throw new DatasetOpenException(
        Reason.UNKNOWN_STORE,
        place,
        place + ": only directories and s3://bucket/prefix can be read; copy the dataset to one");
  }

  private static DatasetReader openAndOwn(Store store) throws IOException {
    try {
      return open(store);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** Opens the dataset in a directory. */
  public static DatasetReader open(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      throw new DatasetOpenException(
          Reason.MISSING,
          directory.toString(),
          directory + ": there is no such dataset; make one with bams3 convert");
    }
    if (!Files.isDirectory(directory)) {
      throw new DatasetOpenException(
          Reason.NOT_A_DATASET,
          directory.toString(),
          directory + ": is a file, not a dataset; make one of it with bams3 convert");
    }
    return open(new DirectoryStore(directory));
  }

  /** Opens the dataset in a store and closes the store with it. */
  public static DatasetReader open(Store store) throws IOException {
    String place = store.place();
    byte[] manifestBytes;
    try {
      // its size is not asked for: from a bucket that would be one more request
      manifestBytes = store.read(Manifest.KEY, 0, ChunkFormat.MAX_RAW_BYTES);
      if (manifestBytes.length == ChunkFormat.MAX_RAW_BYTES) {
        throw new CorruptDatasetException(
            place, Manifest.KEY, "has more than " + (ChunkFormat.MAX_RAW_BYTES - 1) + " bytes");
      }
    } catch (NoSuchFileException e) {
      throw withoutManifest(store);
    } catch (AccessDeniedException e) {
      throw new DatasetOpenException(
          Reason.NOT_A_DATASET, place, place + ": may not be read; check its permissions");
    }
    Manifest manifest = ManifestReader.read(place, manifestBytes);
    return new DatasetReader(store, manifest, readHeader(store, manifest));
  }

  private static BamHeader readHeader(Store store, Manifest manifest) throws IOException {
    return BamHeader.parse(manifest.header().read(store), store.place());
  }

  private static DatasetOpenException withoutManifest(Store store) throws IOException {
    String place = store.place();
    if (isUnfinished(store)) {
      return new DatasetOpenException(
          Reason.UNFINISHED,
          place,
          place + ": is an unfinished conversion (it has no manifest); run bams3 convert again");
    }
    if (!store.list("_metadata.json").isEmpty()) {
      return new DatasetOpenException(
          Reason.OTHER_VERSION,
          place,
          place
              + ": is a dataset of version 0.1 or 0.2, this bams3 reads "
              + Manifest.VERSION
              + "; convert the BAM it came from or, without it, use bams3 upgrade");
    }
    return new DatasetOpenException(
        Reason.NOT_A_DATASET, place, place + ": is not a dataset: there is no manifest.json in it");
  }

  /** Whether a directory holds objects of a dataset but no manifest. */
  static boolean isUnfinished(Path directory) throws IOException {
    return Files.isDirectory(directory) && isUnfinished(new DirectoryStore(directory));
  }

  private static boolean isUnfinished(Store store) throws IOException {
    return store.list("").stream()
        .anyMatch(key -> key.equals(Manifest.HEADER_KEY) || key.endsWith(".b3c"));
  }

  @Override
  public String place() {
    return store.place();
  }

  @Override
  public Traffic traffic() {
    return store.traffic();
  }

  @Override
  public String digest() {
    return manifest.digest();
  }

  @Override
  public byte[] bamHeader() {
    return header.bytes().clone();
  }

  @Override
  public String headerText() {
    return header.text();
  }

  /** The header document. */
  public BamHeader header() {
    return header;
  }

  Manifest manifest() {
    return manifest;
  }

  Store store() {
    return store;
  }

  ChunkReader chunkReader() {
    return chunkReader;
  }

  @Override
  public List<Contig> contigs() {
    return header.contigs();
  }

  @Override
  public Optional<Contig> contig(String name) {
    return Optional.ofNullable(contigsByName.get(name));
  }

  @Override
  public List<ReadGroup> readGroups() {
    return header.readGroups();
  }

  @Override
  public List<String> samples() {
    return readGroups().stream()
        .map(ReadGroup::sample)
        .filter(sample -> !sample.isEmpty())
        .distinct()
        .toList();
  }

  @Override
  public boolean isCoordinateSorted() {
    return manifest.sorted();
  }

  @Override
  public long records() {
    return manifest.counts().records();
  }

  @Override
  public Counts counts() {
    return manifest.counts();
  }

  @Override
  public int chunkSpanBp() {
    return manifest.spanBp();
  }

  @Override
  public List<ChunkInfo> chunks() {
    return chunks;
  }

  List<PageRow> directory(ChunkInfo chunk) throws IOException {
    List<PageRow> known = directories.get(chunk.key());
    if (known != null) {
      return known;
    }
    StoredChunk stored = chunksByKey.get(chunk.key());
    if (stored == null) {
      throw new IllegalArgumentException("chunk " + chunk.key() + " is not one of " + place());
    }
    List<PageRow> read = chunkReader.directory(stored);
    directories.put(chunk.key(), read);
    return read;
  }

  @Override
  public List<PageInfo> pages(ChunkInfo chunk) throws IOException {
    if (chunk.contigIndex() < 0) {
      throw new IllegalArgumentException("chunk " + chunk.key() + " lies on no contig");
    }
    List<PageInfo> pages = new ArrayList<>();
    for (PageRow row : directory(chunk)) {
      Interval extent = new Interval(chunk.contigIndex(), row.minStart0(), row.farthestEnd0());
      pages.add(new PageInfo(extent, row.records(), row.maxSpanBp()));
    }
    return pages;
  }

  @Override
  public List<Interval> coveredIntervals() throws IOException {
    requireOrder("where records lie");
    List<Interval> extents = new ArrayList<>();
    for (ChunkInfo chunk : chunks) {
      if (chunk.contigIndex() >= 0) {
        pages(chunk).forEach(page -> extents.add(page.extent()));
      }
    }
    return IntervalSet.of(extents).intervals();
  }

  @Override
  public RecordCursor query(Query query) throws IOException {
    return new DatasetCursor(this, selection(query));
  }

  @Override
  public void forEachPage(Query query, int threads, PageVisitor visitor) throws IOException {
    try (PageTraversal pages = new PageTraversal(this, selection(query), threads)) {
      pages.inAnyOrder(visitor);
    }
  }

  @Override
  public <R> void mapPages(
      Query query, int threads, PageFunction<R> function, ResultVisitor<R> visitor)
      throws IOException {
    try (PageTraversal pages = new PageTraversal(this, selection(query), threads)) {
      pages.inOrder(function, visitor);
    }
  }

  private Selection selection(Query query) throws Bams3Exception {
    if (!query.isEverywhere()) {
      requireOrder("regions");
    }
    return new Selection(query);
  }

  /** Refuses what only sorted records can give. */
  public void requireOrder(String wanted) throws Bams3Exception {
    if (!isCoordinateSorted()) {
      throw new Bams3Exception(
          "%s: is not coordinate sorted, so it cannot be asked for %s; convert the output of samtools sort"
              .formatted(place(), wanted));
    }
  }

  @Override
  public long writeBam(OutputStream out, int level) throws IOException {
    try (RecordCursor records = query()) {
      return writeBam(out, level, records);
    }
  }

  @Override
  public long writeBam(OutputStream out, int level, Interval... intervals) throws IOException {
    try (RecordCursor records = query(intervals)) {
      return writeBam(out, level, records);
    }
  }

  /**
   * Writes the bytes of all records.
   *
   * @param workers decode pages
   * @param progress receives the number of records written, now and then
   * @return number of records
   */
  public long copyRecords(OutputStream out, Workers workers, LongConsumer progress)
      throws IOException {
    try (PageCopy copy = new PageCopy(this, workers)) {
      return copy.run(out, progress);
    }
  }

  private long writeBam(OutputStream out, int level, RecordCursor records) throws IOException {
    try (BgzfOutput bgzf = new BgzfOutput(out, level)) {
      bgzf.write(header.bytes());
      long written = 0;
      for (; records.next(); written++) {
        records.record().writeTo(bgzf);
      }
      bgzf.finish();
      return written;
    }
  }

  @Override
  public void close() {
    try {
      store.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
