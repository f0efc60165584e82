package io.nfspawn.bams3.legacy;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordException;
import io.nfspawn.bams3.RecordView;
import io.nfspawn.bams3.Tags;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** The content of one chunk of version 0.2, as it grows. Used again; not thread-safe. */
final class LegacyChunkBuffer {
  private static final int MAX_COUNT = 0xffff;

  /** Codes that the Go tool writes; the others become 0, which it reads as N. */
  private static final int KNOWN_BASES = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 | 1 << 15;

  private byte[] bytes = new byte[1 << 20];
  private int length;
  private int reads;

  void clear() {
    length = BinaryReads.CHUNK_HEADER_BYTES;
    reads = 0;
  }

  int reads() {
    return reads;
  }

  /** Writes the chunk; {@code compressed} is what its header says, nobody acts on it. */
  void writeTo(OutputStream out) throws IOException {
    LittleEndian.putInt32(bytes, 0, BinaryReads.MAGIC);
    LittleEndian.putInt16(bytes, 4, BinaryReads.VERSION);
    LittleEndian.putInt16(bytes, 6, 1); // compressed: the frame around says it, too
    LittleEndian.putInt32(bytes, 8, reads);
    LittleEndian.putInt32(bytes, 12, 0);
    out.write(bytes, 0, length);
  }

  /**
   * @param number of the record in the input, from 1
   */
  void add(RecordView record, long number) throws IOException {
    int bases = record.readLengthBp();
    int operations = record.cigarOperations();
    requireCountable(number, bases, "bases");
    requireCountable(number, operations, "CIGAR operations");
    int start = length;
    reserve(number, BinaryReads.READ_HEADER_BYTES + BinaryReads.PLACE_BYTES + 4L * operations);
    length += BinaryReads.READ_HEADER_BYTES;
    copy(record.buffer(), record.nameOffset(), record.nameLength(), number);
    reserve(number, BinaryReads.PLACE_BYTES + 4L * operations + 2L * bases);
    putPlace(record);
    System.arraycopy(record.buffer(), record.cigarOffset(), bytes, length, 4 * operations);
    length += 4 * operations;
    putBases(record, bases);
    int tags = putTags(record, number);
    LittleEndian.putInt32(bytes, start, length - start);
    LittleEndian.putInt16(bytes, start + 4, record.nameLength());
    LittleEndian.putInt16(bytes, start + 6, bases);
    LittleEndian.putInt16(bytes, start + 8, operations);
    LittleEndian.putInt16(bytes, start + 10, tags);
    reads++;
  }

  private static void requireCountable(long number, int count, String what) throws RecordException {
    if (count > MAX_COUNT) {
      throw new RecordException(
          number,
          "has %d %s; format 0.2 counts to 65535: write the current format instead"
              .formatted(count, what));
    }
  }

  private void putPlace(RecordView record) {
    LittleEndian.putInt32(bytes, length, record.contigIndex());
    LittleEndian.putInt32(bytes, length + 4, record.start0());
    bytes[length + 8] = (byte) record.mapq();
    LittleEndian.putInt16(bytes, length + 9, record.flag());
    length += BinaryReads.PLACE_BYTES;
  }

  private void putBases(RecordView record, int count) {
    byte[] source = record.buffer();
    int from = record.basesOffset();
    for (int i = 0; i < (count + 1) / 2; i++) {
      int pair = source[from + i];
      bytes[length++] = (byte) (known(pair >> 4 & 0xf) << 4 | known(pair & 0xf));
    }
    from = record.qualitiesOffset();
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) (source[from + i] + 33); // an absent one, 0xff, becomes a space
    }
  }

  private static int known(int base) {
    return (KNOWN_BASES >> base & 1) != 0 ? base : 0;
  }

  /** Returns how many. */
  private int putTags(RecordView record, long number) throws IOException {
    byte[] source = record.buffer();
    int end = record.offset() + record.lengthBytes();
    int count = 0;
    boolean longCigar = record.hasLongCigar();
    int next;
    for (int at = record.tagsOffset(); at < end; at = next) {
      next = Tags.next(source, at, end);
      if (next < 0) {
        throw new RecordException(number, "has damaged tags; get another copy of the file");
      }
      if (!(longCigar && source[at] == 'C' && source[at + 1] == 'G')) {
        byte[] text = GoText.of(source, at, next);
        copy(source, at, 2, number);
        copy(new byte[] {'Z'}, 0, 1, number);
        copy(text, 0, text.length, number);
        copy(new byte[1], 0, 1, number);
        count++;
      }
    }
    return count;
  }

  private void copy(byte[] source, int offset, int count, long number) throws RecordException {
    reserve(number, count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  private void reserve(long number, long count) throws RecordException {
    long needed = length + count;
    if (needed > Integer.MAX_VALUE - 64) {
      throw new RecordException(
          number, "makes its chunk larger than 2 GiB, too large for format 0.2; lower --span");
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 64, needed + needed / 2));
    }
  }
}
