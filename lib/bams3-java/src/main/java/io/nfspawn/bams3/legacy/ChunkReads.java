package io.nfspawn.bams3.legacy;

import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.bam.RecordBuilder;
import java.io.IOException;

/** The reads of one chunk, one after the other. Not thread-safe. */
abstract sealed class ChunkReads implements AutoCloseable permits BinaryReads, JsonReads {
  final ChunkStream stream;
  final Origin origin;
  private final int contigIndex;
  final RecordBuilder builder;

  /** Reads so far. */
  long count;

  /**
   * @param contigIndex where all reads of the chunk lie; -1 for the unplaced
   */
  ChunkReads(ChunkStream stream, Origin origin, int contigIndex, RecordBuilder builder) {
    this.stream = stream;
    this.origin = origin;
    this.contigIndex = contigIndex;
    this.builder = builder;
  }

  /**
   * Moves a view to the next read as a BAM record.
   *
   * @return whether there is one
   */
  abstract boolean next(RecordView view) throws IOException;

  /** Puts a read at the place it was given, in the counting of BAM. */
  void place(int flag, int contig, long stored, int mapq) throws IOException {
    long start0 = origin == Origin.GO_STREAM ? stored - 1 : stored;
    if (start0 < -1 || start0 > Integer.MAX_VALUE) {
      throw corruptRead("lies at " + stored);
    }
    boolean unplaced = contig < 0 || (origin == Origin.PYTHON && start0 < 0);
    if ((unplaced ? -1 : contig) != contigIndex) {
      throw corruptRead("lies on contig %d, not on %d as its chunk".formatted(contig, contigIndex));
    }
    builder.place(flag, contigIndex, unplaced ? -1 : (int) start0, mapq);
  }

  IOException corruptRead(String problem) {
    return stream.corrupt("is damaged: read %d %s".formatted(count + 1, problem));
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
