package io.nfspawn.bams3.htsjdk;

import htsjdk.samtools.SAMRecord;
import htsjdk.samtools.util.CloseableIterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Those of an iterator's records that are wanted; closes it. */
final class FilteringIterator implements CloseableIterator<SAMRecord> {
  private final CloseableIterator<SAMRecord> records;
  private final Predicate<SAMRecord> wanted;
  private @Nullable SAMRecord next;

  FilteringIterator(CloseableIterator<SAMRecord> records, Predicate<SAMRecord> wanted) {
    this.records = records;
    this.wanted = wanted;
  }

  @Override
  public boolean hasNext() {
    while (next == null && records.hasNext()) {
      SAMRecord record = records.next();
      next = wanted.test(record) ? record : null;
    }
    return next != null;
  }

  @Override
  public SAMRecord next() {
    SAMRecord record = hasNext() ? next : null;
    if (record == null) {
      throw new NoSuchElementException("after the last record");
    }
    next = null;
    return record;
  }

  @Override
  public void close() {
    records.close();
  }
}
