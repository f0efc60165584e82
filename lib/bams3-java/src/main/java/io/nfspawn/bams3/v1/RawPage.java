package io.nfspawn.bams3.v1;

import java.util.Arrays;

/** Records on their way into a page. Filled by the writer, then owned by one encoder. */
final class RawPage {
  private byte[] bytes = new byte[1 << 19];
  private int length;
  private final int maxRecords;
  private int records;
  private long firstRecord;

  RawPage(int maxRecords) {
    this.maxRecords = maxRecords;
  }

  /**
   * @param ordinal number of the page's first record in the dataset, from 1
   */
  void start(long ordinal) {
    length = 0;
    records = 0;
    firstRecord = ordinal;
  }

  void add(byte[] record, int offset, int lengthBytes) {
    if (bytes.length - length < lengthBytes) {
      long doubled = Math.min(2L * bytes.length, ChunkFormat.PAGE_RAW_BYTES);
      long wanted = Math.max(doubled, (long) length + lengthBytes);
      bytes = Arrays.copyOf(bytes, (int) Math.min(ChunkFormat.MAX_RAW_BYTES, wanted));
    }
    System.arraycopy(record, offset, bytes, length, lengthBytes);
    length += lengthBytes;
    records++;
  }

  /** Whether a record would make the page larger than it should be. */
  boolean isFullFor(int lengthBytes) {
    return records == maxRecords
        || (records > 0 && (long) length + lengthBytes > ChunkFormat.PAGE_RAW_BYTES);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  int records() {
    return records;
  }

  long firstRecord() {
    return firstRecord;
  }
}
