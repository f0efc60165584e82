package io.nfspawn.bams3.htsjdk;

import htsjdk.samtools.BAMRecordCodec;
import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMRecord;
import htsjdk.samtools.SAMUtils;
import htsjdk.samtools.ValidationStringency;
import htsjdk.samtools.util.CloseableIterator;
import htsjdk.samtools.util.RuntimeIOException;
import io.nfspawn.bams3.RecordCursor;
import io.nfspawn.bams3.RecordView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The records of a cursor, decoded by htsjdk from the bytes they had in the BAM file. */
final class RecordIterator implements CloseableIterator<SAMRecord> {
  private final RecordCursor cursor;
  private final SAMFileHeader header;
  private final ValidationStringency stringency;
  private final BAMRecordCodec codec;
  private @Nullable SAMRecord next;
  private long read;
  private boolean ended;

  RecordIterator(RecordCursor cursor, SAMFileHeader header, ValidationStringency stringency) {
    this.cursor = cursor;
    this.header = header;
    this.stringency = stringency;
    this.codec = new BAMRecordCodec(header);
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      next = decodeNext();
      ended = next == null;
    }
    return next != null;
  }

  private @Nullable SAMRecord decodeNext() {
    try {
      if (!cursor.next()) {
        return null;
      }
    } catch (IOException e) {
      throw new RuntimeIOException(e.getMessage(), e);
    }
    RecordView view = cursor.record();
    codec.setInputStream(
        new ByteArrayInputStream(view.buffer(), view.offset(), view.lengthBytes()));
    SAMRecord record = codec.decode();
    record.setHeader(header);
    record.setValidationStringency(stringency);
    read++;
    if (stringency != ValidationStringency.SILENT) {
      SAMUtils.processValidationErrors(
          record.isValid(stringency == ValidationStringency.STRICT), read, stringency);
    }
    return record;
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
    ended = true;
    next = null;
    cursor.close();
  }
}
