package io.nfspawn.bams3.sort;

import io.nfspawn.bams3.RecordView;
import java.io.IOException;

/** Records in order, with their keys. Not thread-safe. */
interface SortedSource extends AutoCloseable {

  /**
   * Moves to the next record.
   *
   * @return whether there is one
   */
  boolean next() throws IOException;

  /** Of the current record. */
  long key();

  /** The current record, until the next one. */
  RecordView record();

  @Override
  void close() throws IOException;
}
