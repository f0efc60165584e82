package io.nfspawn.bams3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

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

  /**
   * The records as a stream of copies, for when ease matters more than garbage. Close it, which
   * closes the cursor; a failure to read is thrown as {@link UncheckedIOException}.
   *
   * <pre>{@code
   * try (Stream<RecordView> records = dataset.query().stream()) {
   *   long duplicates = records.filter(record -> record.has(RecordView.DUPLICATE)).count();
   * }
   * }</pre>
   */
  default Stream<RecordView> stream() {
    Spliterator<RecordView> records =
        new Spliterators.AbstractSpliterator<>(
            Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
          @Override
          public boolean tryAdvance(Consumer<? super RecordView> action) {
            try {
              if (!next()) {
                return false;
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            action.accept(record().copy());
            return true;
          }
        };
    return StreamSupport.stream(records, false).onClose(this::close);
  }

  @Override
  void close();
}
