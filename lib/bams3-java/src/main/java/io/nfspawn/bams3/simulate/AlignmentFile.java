package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMFileWriter;
import htsjdk.samtools.SAMFileWriterFactory;
import htsjdk.samtools.SAMRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Writes records that come almost in order as a coordinate-sorted, indexed BAM: a window holds
 * those that a later record may still precede, so memory does not grow with the file. Ties are in
 * the order of samtools sort: forward before reverse, then as they came.
 *
 * <p>Encoding and compression run in a thread of the BAM writer.
 */
final class AlignmentFile implements AutoCloseable {
  /** Speed before size: the file is read once or twice. */
  private static final int COMPRESSION_LEVEL = 1;

  private record Waiting(int start, boolean reverse, long serial, SAMRecord record) {}

  private static final Comparator<Waiting> ORDER =
      Comparator.comparingInt(Waiting::start)
          .thenComparing(Waiting::reverse)
          .thenComparingLong(Waiting::serial);

  private final SAMFileWriter writer;
  private final PriorityQueue<Waiting> window = new PriorityQueue<>(ORDER);
  private final List<SAMRecord> unplaced = new ArrayList<>();
  private long serial;

  AlignmentFile(SAMFileHeader header, Path bam) {
    writer =
        new SAMFileWriterFactory()
            .setCreateIndex(true)
            .setCompressionLevel(COMPRESSION_LEVEL)
            .setUseAsyncIo(true)
            .makeBAMWriter(header, true, bam);
  }

  void add(ReadPair pair) {
    if (pair.isPlaced()) {
      enqueue(pair.first());
      enqueue(pair.second());
    } else {
      addUnplaced(pair.first());
      addUnplaced(pair.second());
    }
  }

  void add(SAMRecord record) {
    enqueue(record);
  }

  void addUnplaced(SAMRecord record) {
    unplaced.add(record);
  }

  private void enqueue(SAMRecord record) {
    window.add(
        new Waiting(
            record.getAlignmentStart(), record.getReadNegativeStrandFlag(), serial++, record));
  }

  /** Writes what lies before a 0-based position: the caller adds nothing there any more. */
  void flushBefore(int position) {
    while (!window.isEmpty() && window.peek().start() <= position) {
      writer.addAlignment(window.remove().record());
    }
  }

  void endContig() {
    flushBefore(Integer.MAX_VALUE);
  }

  long records() {
    return serial + unplaced.size();
  }

  @Override
  public void close() {
    try (writer) {
      endContig();
      unplaced.forEach(writer::addAlignment);
    }
  }
}
