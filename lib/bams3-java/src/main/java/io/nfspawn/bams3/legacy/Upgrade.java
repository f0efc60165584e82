package io.nfspawn.bams3.legacy;

import io.nfspawn.bams3.DatasetWriter;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.WriteOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Turns a dataset of an old version into one of the current, as far as it holds the reads. */
public final class Upgrade {
  private static final int RECORDS_PER_REPORT = 8192;

  private Upgrade() {}

  /**
   * Upgrades.
   *
   * @param progress receives the number of records so far, now and then, on the caller's thread
   * @return number of records
   */
  public static long run(
      LegacyDataset old, Path target, WriteOptions options, LongConsumer progress)
      throws IOException {
    try (RecordCursor records = old.records();
        DatasetWriter writer = DatasetWriter.create(target, old.header().bytes(), options)) {
      RecordView record = records.record();
      while (records.next()) {
        writer.write(record.buffer(), record.offset(), record.lengthBytes());
        if (writer.records() % RECORDS_PER_REPORT == 0) {
          progress.accept(writer.records());
        }
      }
      writer.publish();
      return writer.records();
    }
  }
}
