package io.nfspawn.bams3.sort;

import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sorts records by coordinate, those of equal keys as they came: the order of {@code samtools
 * sort}. What does not fit into memory waits compressed in files without names. Owned by one
 * thread; the caller closes it.
 *
 * <pre>{@code
 * try (CoordinateSorter sorter = new CoordinateSorter(options, contigs, workers)) {
 *   while (in.next(record)) {
 *     sorter.add(record);
 *   }
 *   try (RecordCursor sorted = sorter.sorted()) { … }
 * }
 * }</pre>
 */
public final class CoordinateSorter implements AutoCloseable {
  /** Two frames, compressed and not, that a file has in memory while it is merged. */
  private static final long BYTES_A_FILE = 4L * Spilling.FRAME_BYTES;

  private static final int LEAST_FILES = 8;

  private final SortOptions options;
  private final int contigs;
  private final Workers workers;
  private final RecordArena arena;
  private final List<SpillFile> files = new ArrayList<>();
  private final int maxFiles;
  private long records;

  /**
   * @param contigs how many the header has
   * @param workers compress and read ahead; not closed here
   */
  public CoordinateSorter(SortOptions options, int contigs, Workers workers) {
    this.options = options;
    this.contigs = contigs;
    this.workers = workers;
    this.arena = new RecordArena(options.memoryBytes());
    this.maxFiles = (int) Math.max(LEAST_FILES, options.memoryBytes() / BYTES_A_FILE);
  }

  /** Adds a copy of a record. */
  public void add(RecordView record) throws IOException {
    byte[] bytes = record.buffer();
    int offset = record.offset();
    long key = CoordinateKey.of(bytes, offset, contigs);
    if (!arena.add(key, bytes, offset, record.lengthBytes())) {
      arena.sort();
      spill(new ArenaSource(arena));
      arena.clear();
      arena.add(key, bytes, offset, record.lengthBytes());
    }
    records++;
  }

  /** Records added. */
  public long records() {
    return records;
  }

  private void spill(SortedSource source) throws IOException {
    SpillFile file = SpillFile.create(options.directory());
    files.add(file);
    Spilling spilling = new Spilling(file, workers);
    while (source.next()) {
      spilling.add(source.record());
    }
    spilling.finish();
    if (files.size() == maxFiles) {
      mergeFiles();
    }
  }

  /** Makes one file of all: merging keeps a part of each in memory. */
  private void mergeFiles() throws IOException {
    List<SpillFile> earlier = List.copyOf(files);
    files.clear();
    try (SortedSource merged = new MergedSource(spilled(earlier))) {
      spill(merged);
    }
  }

  private List<SortedSource> spilled(List<SpillFile> spilledFiles) {
    List<SortedSource> sources = new ArrayList<>();
    for (SpillFile file : spilledFiles) {
      sources.add(new SpilledSource(file, workers, contigs));
    }
    return sources;
  }

  /** All records in order, once; nothing can be added any more. */
  public RecordCursor sorted() {
    arena.sort();
    if (files.isEmpty()) {
      return new Cursor(new ArenaSource(arena));
    }
    List<SortedSource> sources = spilled(files);
    sources.add(new ArenaSource(arena));
    return new Cursor(new MergedSource(sources));
  }

  @Override
  public void close() throws IOException {
    for (SpillFile file : files) {
      file.close();
    }
  }

  private record Cursor(SortedSource source) implements RecordCursor {
    @Override
    public boolean next() throws IOException {
      return source.next();
    }

    @Override
    public RecordView record() {
      return source.record();
    }

    @Override
    public void close() {
      try {
        source.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e); // only files without names: nothing is lost
      }
    }
  }
}
