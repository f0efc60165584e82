package io.nfspawn.bams3;

import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.v1.ChunkedWriter;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes one dataset, record by record, in the order given. Owned by one thread; pages are encoded
 * by others behind it. Nothing is visible under the target before {@link #publish()}; closing
 * without it leaves nothing.
 *
 * <pre>{@code
 * try (DatasetWriter writer = DatasetWriter.create(target, headerBytes, WriteOptions.DEFAULT)) {
 *   writer.write(record.buffer(), record.offset(), record.lengthBytes());
 *   writer.publish();
 * }
 * }</pre>
 */
public interface DatasetWriter extends AutoCloseable {

  /**
   * Starts a dataset in a directory that does not exist yet.
   *
   * @param bamHeader the uncompressed head of a BAM file: magic, header text, binary contig list
   * @throws TargetExistsException when something is there that options do not allow to replace
   */
  static DatasetWriter create(Path directory, byte[] bamHeader, WriteOptions options)
      throws IOException {
    return ChunkedWriter.create(directory, bamHeader, options);
  }

  /**
   * Starts a dataset in a store without renaming, such as a bucket: its objects lie in place and
   * become a dataset with the manifest, which only one writer can put there.
   *
   * @param store not closed
   * @throws TargetExistsException when a dataset or something else is there, or another writer is
   *     or was at work, and options do not allow to replace it
   */
  static DatasetWriter create(Store store, byte[] bamHeader, WriteOptions options)
      throws IOException {
    return ChunkedWriter.create(store, bamHeader, options);
  }

  /**
   * Adds a record.
   *
   * @param lengthBytes block size + 4, from {@code offset} on
   * @throws Bams3Exception when the header promises coordinate order and the record breaks it
   */
  void write(byte[] bytes, int offset, int lengthBytes) throws IOException;

  /** Records written so far. */
  long records();

  /** Waits for all pages, writes the manifest and moves the dataset to its name. */
  void publish() throws IOException;

  @Override
  void close() throws IOException;
}
