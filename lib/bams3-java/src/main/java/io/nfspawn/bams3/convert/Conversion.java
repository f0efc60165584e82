package io.nfspawn.bams3.convert;

import io.nfspawn.bams3.DatasetWriter;
import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.RecordException;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.WriteOptions;
import io.nfspawn.bams3.bam.BamHeader;
import io.nfspawn.bams3.bam.BamRecords;
import io.nfspawn.bams3.bam.BgzfInput;
import io.nfspawn.bams3.legacy.LegacyWriter;
import io.nfspawn.bams3.sort.CoordinateSorter;
import io.nfspawn.bams3.sort.SortOptions;
import io.nfspawn.bams3.sort.SortedHeader;
import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.v1.ChunkedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns an alignment file into a dataset. BAM is copied record by record from its raw bytes; SAM
 * and CRAM go through samtools, which defines what their bytes are.
 */
public final class Conversion {
  private static final int RECORDS_PER_REPORT = 8192;

  private final AlignmentInput input;
  private final WriteOptions options;
  private final LongConsumer progress;
  private final Output output;
  private final @Nullable SortOptions sort;

  /** Makes the writer when the header is known. */
  private interface Output {
    DatasetWriter create(byte[] bamHeader, Workers workers) throws IOException;
  }

  /**
   * @param progress receives the compressed bytes read so far, now and then, on the caller's thread
   */
  public Conversion(
      AlignmentInput input, Path target, WriteOptions options, LongConsumer progress) {
    this(
        input,
        options,
        progress,
        (header, workers) -> ChunkedWriter.create(target, header, options, workers),
        null);
  }

  /**
   * @param target a place in a bucket; not closed
   */
  public Conversion(
      AlignmentInput input, Store target, WriteOptions options, LongConsumer progress) {
    this(
        input,
        options,
        progress,
        (header, workers) -> ChunkedWriter.create(target, header, options, workers),
        null);
  }

  private Conversion(
      AlignmentInput input,
      WriteOptions options,
      LongConsumer progress,
      Output output,
      @Nullable SortOptions sort) {
    this.input = input;
    this.options = options;
    this.progress = progress;
    this.output = output;
    this.sort = sort;
  }

  /** Writes version 0.2 instead, for old tools: see {@link LegacyWriter} for what it loses. */
  public static Conversion toLegacy(
      AlignmentInput input, Path target, WriteOptions options, LongConsumer progress) {
    return new Conversion(
        input,
        options,
        progress,
        (header, workers) ->
            LegacyWriter.create(
                target,
                header,
                input.name(),
                options.spanBp(),
                options.replace(),
                Clock.systemUTC()),
        null);
  }

  /**
   * The same with the records sorted by coordinate on the way. Progress is that of reading for its
   * first half, that of writing for its second.
   */
  public Conversion sorted(SortOptions how) {
    return new Conversion(input, options, progress, output, how);
  }

  /**
   * What came of it.
   *
   * @param sorted whether the records came in coordinate order
   */
  public record Result(long records, boolean sorted) {}

  /** Converts; when it fails nothing is left under the target's name. */
  public Result run() throws IOException {
    String name = input.name();
    try (Workers workers = new Workers("bams3-worker", options.threads());
        AlignmentInput.BamStream stream = input.open()) {
      BgzfInput bgzf = new BgzfInput(stream.bytes(), name, workers);
      try {
        BamRecords records = new BamRecords(bgzf, name);
        return sort == null
            ? copy(records, bgzf, stream, workers)
            : sort(sort, records, bgzf, stream, workers);
      } catch (RecordException e) {
        throw new InputException(name, String.valueOf(e.getMessage()), e);
      } catch (InputException e) {
        // samtools' own complaint says more than the cut stream it left
        stream.checkSource();
        throw e;
      }
    }
  }

  private Result copy(
      BamRecords records, BgzfInput bgzf, AlignmentInput.BamStream stream, Workers workers)
      throws IOException {
    byte[] header = records.header().bytes();
    try (DatasetWriter writer = output.create(header, workers)) {
      RecordView record = new RecordView();
      while (records.next(record)) {
        writer.write(record.buffer(), record.offset(), record.lengthBytes());
        if (records.records() % RECORDS_PER_REPORT == 0) {
          progress.accept(bgzf.compressedBytes());
        }
      }
      stream.checkSource();
      writer.publish();
      return new Result(
          writer.records(), !(writer instanceof ChunkedWriter chunked) || chunked.isSorted());
    }
  }

  private Result sort(
      SortOptions how,
      BamRecords records,
      BgzfInput bgzf,
      AlignmentInput.BamStream stream,
      Workers workers)
      throws IOException {
    BamHeader header = records.header();
    // first, so that a target that is taken is known before the work
    try (DatasetWriter writer = output.create(SortedHeader.of(header), workers);
        CoordinateSorter sorter = new CoordinateSorter(how, header.contigs().size(), workers)) {
      RecordView record = new RecordView();
      while (records.next(record)) {
        sorter.add(record);
        if (records.records() % RECORDS_PER_REPORT == 0) {
          progress.accept(bgzf.compressedBytes() / 2);
        }
      }
      stream.checkSource();
      try (RecordCursor sorted = sorter.sorted()) {
        write(sorted, writer, sorter.records(), bgzf.compressedBytes());
      }
      writer.publish();
      return new Result(writer.records(), true);
    }
  }

  private void write(RecordCursor sorted, DatasetWriter writer, long records, long inputBytes)
      throws IOException {
    while (sorted.next()) {
      RecordView record = sorted.record();
      writer.write(record.buffer(), record.offset(), record.lengthBytes());
      if (writer.records() % RECORDS_PER_REPORT == 0) {
        double half = inputBytes / 2.0;
        progress.accept((long) (half + half * writer.records() / records));
      }
    }
  }
}
