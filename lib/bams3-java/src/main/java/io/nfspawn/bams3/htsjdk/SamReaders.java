package io.nfspawn.bams3.htsjdk;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMRecord;
import htsjdk.samtools.SAMSequenceRecord;
import htsjdk.samtools.SAMTextHeaderCodec;
import htsjdk.samtools.SamInputResource;
import htsjdk.samtools.SamReader;
import htsjdk.samtools.ValidationStringency;
import htsjdk.samtools.util.BufferedLineReader;
import io.nfspawn.bams3.Contig;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.RecordCursor;
import java.io.InputStream;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Datasets as htsjdk sees alignment files.
 *
 * <pre>{@code
 * try (Dataset dataset = Dataset.open(URI.create("s3://bucket/NA12878.bams3"));
 *     SamReader reader = SamReaders.open(dataset);
 *     SAMRecordIterator records = reader.queryOverlapping("chr20", 1, 50_000)) {
 *   records.forEachRemaining(record -> System.out.print(record.getSAMString()));
 * }
 * }</pre>
 */
public final class SamReaders {
  private SamReaders() {}

  /**
   * A reader of a dataset, as strict as htsjdk is by default. Unlike readers of files it may have
   * any number of iterators open at a time; each belongs to one thread.
   *
   * @param dataset not closed with the reader
   */
  public static SamReader open(Dataset dataset) {
    return open(dataset, ValidationStringency.DEFAULT_STRINGENCY);
  }

  /**
   * @param stringency what happens to records that break htsjdk's rules
   */
  public static SamReader open(Dataset dataset, ValidationStringency stringency) {
    return adapted(new DatasetSamReader(dataset, stringency, () -> {}), dataset.place());
  }

  static SamReader adapted(SamReader.PrimitiveSamReader reader, String place) {
    return new SamReader.PrimitiveSamReaderToSamReaderAdapter(
        reader, SamInputResource.of(InputStream.nullInputStream())) {
      @Override
      public String getResourceDescription() {
        return place;
      }
    };
  }

  /** The header as htsjdk parses its text; contigs that stand only in the binary list included. */
  public static SAMFileHeader header(Dataset dataset) {
    SAMFileHeader header =
        new SAMTextHeaderCodec()
            .decode(BufferedLineReader.fromString(dataset.headerText()), dataset.place());
    if (header.getSequenceDictionary().isEmpty()) {
      for (Contig contig : dataset.contigs()) {
        header.addSequence(new SAMSequenceRecord(contig.name(), contig.lengthBp()));
      }
    }
    return header;
  }

  /**
   * Records of a cursor as htsjdk's, each an object of its own. Close the stream, which closes the
   * cursor; a failure to read is thrown as {@link htsjdk.samtools.util.RuntimeIOException}.
   *
   * @param header as {@link #header} gives it
   */
  public static Stream<SAMRecord> stream(RecordCursor records, SAMFileHeader header) {
    RecordIterator iterator = new RecordIterator(records, header, ValidationStringency.SILENT);
    int properties = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, properties), false)
        .onClose(iterator::close);
  }
}
