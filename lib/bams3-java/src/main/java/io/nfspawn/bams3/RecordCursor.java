package io.nfspawn.bams3;

import java.io.IOException;

/**
 * Records in file order. Not thread-safe; as many cursors as wanted may be open on a dataset at
 * once. The caller closes it.
 */
public interface RecordCursor extends AutoCloseable {

  /**
   * Moves to the next record.
   *
   * @return whether there is one
   * @throws CorruptDatasetException when an object is not what was written
   */
  boolean next() throws IOException;

  /** The current record: one view that {@link #next()} moves on, so copy what must outlive it. */
  RecordView record();

  @Override
  void close();
}
