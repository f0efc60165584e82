package io.nfspawn.bams3.htsjdk;

import htsjdk.samtools.BAMIndex;
import htsjdk.samtools.QueryInterval;
import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMFileSpan;
import htsjdk.samtools.SAMRecord;
import htsjdk.samtools.SamReader;
import htsjdk.samtools.ValidationStringency;
import htsjdk.samtools.util.CloseableIterator;
import htsjdk.samtools.util.RuntimeIOException;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.Interval;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.Region;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * A dataset behind the interface that htsjdk's readers of file formats implement. Regions can be
 * asked for where the dataset is sorted; there is no index of positions in a BAM file, because
 * there is no BAM file.
 */
final class DatasetSamReader implements SamReader.PrimitiveSamReader {
  private final Dataset dataset;
  private final SAMFileHeader header;
  private final ValidationStringency stringency;
  private final Runnable onClose;

  DatasetSamReader(Dataset dataset, ValidationStringency stringency, Runnable onClose) {
    this.dataset = dataset;
    this.header = SamReaders.header(dataset);
    this.stringency = stringency;
    this.onClose = onClose;
  }

  /** Opens a cursor. */
  private interface Query {
    RecordCursor run() throws IOException;
  }

  @Override
  public SamReader.Type type() {
    return SamReader.Type.BAM_TYPE; // tools write what they read, and they can write BAM
  }

  @Override
  public boolean isQueryable() {
    return dataset.isCoordinateSorted();
  }

  @Override
  public boolean hasIndex() {
    return dataset.isCoordinateSorted();
  }

  @Override
  public BAMIndex getIndex() {
    throw new UnsupportedOperationException(
        dataset.place() + ": a dataset has no BAM index; use the query methods");
  }

  @Override
  public SAMFileHeader getFileHeader() {
    return header;
  }

  @Override
  public CloseableIterator<SAMRecord> getIterator() {
    return iterator(dataset::query);
  }

  @Override
  public CloseableIterator<SAMRecord> getIterator(SAMFileSpan span) {
    throw new UnsupportedOperationException(
        dataset.place() + ": a dataset has no positions in a file; use the query methods");
  }

  @Override
  public SAMFileSpan getFilePointerSpanningReads() {
    throw new UnsupportedOperationException(
        dataset.place() + ": a dataset has no positions in a file; use the query methods");
  }

  @Override
  public CloseableIterator<SAMRecord> query(QueryInterval[] intervals, boolean contained) {
    Interval[] wanted =
        Arrays.stream(intervals).map(DatasetSamReader::interval).toArray(Interval[]::new);
    CloseableIterator<SAMRecord> overlapping = iterator(() -> dataset.query(wanted));
    return contained
        ? only(record -> Arrays.stream(wanted).anyMatch(i -> contains(i, record)), overlapping)
        : overlapping;
  }

  /** htsjdk's intervals are 1-based and closed; an end below 1 means the end of the contig. */
  private static Interval interval(QueryInterval interval) {
    int start0 = Math.max(0, interval.start - 1);
    return new Interval(
        interval.referenceIndex, start0, interval.end < 1 ? Integer.MAX_VALUE : interval.end);
  }

  private static boolean contains(Interval interval, SAMRecord record) {
    int end1 = record.getReadUnmappedFlag() ? record.getAlignmentStart() : record.getAlignmentEnd();
    return record.getReferenceIndex() == interval.contigIndex()
        && record.getAlignmentStart() > interval.start0()
        && end1 <= interval.end0();
  }

  @Override
  public CloseableIterator<SAMRecord> queryAlignmentStart(String contig, int start1) {
    int index = header.getSequenceIndex(contig);
    if (index < 0) {
      throw new IllegalArgumentException("there is no contig " + contig + " in the header");
    }
    Interval base = new Interval(index, start1 - 1, start1);
    return only(
        record -> record.getAlignmentStart() == start1, iterator(() -> dataset.query(base)));
  }

  @Override
  public CloseableIterator<SAMRecord> queryUnmapped() {
    return iterator(() -> dataset.query(Region.UNPLACED));
  }

  private CloseableIterator<SAMRecord> iterator(Query query) {
    try {
      return new RecordIterator(query.run(), header, stringency);
    } catch (IOException e) {
      throw new RuntimeIOException(e.getMessage(), e);
    }
  }

  private static CloseableIterator<SAMRecord> only(
      Predicate<SAMRecord> wanted, CloseableIterator<SAMRecord> records) {
    return new FilteringIterator(records, wanted);
  }

  @Override
  public void close() {
    onClose.run();
  }

  @Override
  public ValidationStringency getValidationStringency() {
    return stringency;
  }
}
