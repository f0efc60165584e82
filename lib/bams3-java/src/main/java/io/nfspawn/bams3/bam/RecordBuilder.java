package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import java.util.Arrays;

/**
 * Puts a record together in one buffer that is used again: {@link #start}, then CIGAR, bases and
 * qualities, tags, in this order, then {@link #finish}. Not thread-safe.
 */
public final class RecordBuilder {
  private static final String BASES = "=ACMGRSVTWYHKDBN";
  private static final String OPERATIONS = "MIDNSHP=X";
  private static final byte[] CODES = new byte[256];

  static {
    Arrays.fill(CODES, (byte) 15);
    for (int i = 0; i < BASES.length(); i++) {
      CODES[BASES.charAt(i)] = (byte) i;
      CODES[Character.toLowerCase(BASES.charAt(i))] = (byte) i;
    }
  }

  private byte[] bytes = new byte[1 << 12];
  private int length;
  private int operations;
  private int bases;

  /** Code of a CIGAR letter; -1 when it is none. */
  public static int operation(char letter) {
    return OPERATIONS.indexOf(letter);
  }

  /** Begins a record without mate. */
  public void start(byte[] name, int offset, int nameBytes) {
    length = 0;
    operations = 0;
    bases = 0;
    reserve(RecordView.FIXED_BYTES + nameBytes + 1);
    bytes[12] = (byte) (nameBytes + 1);
    System.arraycopy(name, offset, bytes, RecordView.FIXED_BYTES, nameBytes);
    length = RecordView.FIXED_BYTES + nameBytes;
    bytes[length++] = 0;
    LittleEndian.putInt32(bytes, 24, -1);
    LittleEndian.putInt32(bytes, 28, -1);
    LittleEndian.putInt32(bytes, 32, 0);
  }

  public void place(int flag, int contigIndex, int start0, int mapq) {
    LittleEndian.putInt32(bytes, 4, contigIndex);
    LittleEndian.putInt32(bytes, 8, start0);
    bytes[13] = (byte) mapq;
    LittleEndian.putInt16(bytes, 18, flag);
  }

  /**
   * @param operation length &lt;&lt; 4 | code
   */
  public void addOperation(int operation) {
    reserve(4);
    LittleEndian.putInt32(bytes, length, operation);
    length += 4;
    operations++;
  }

  /** Bases by their letters; what is no base is N. */
  public void bases(byte[] letters, int offset, int count) {
    reserve((count + 1) / 2);
    for (int i = 0; i < count; i += 2) {
      int high = CODES[letters[offset + i] & 0xff] << 4;
      int low = i + 1 < count ? CODES[letters[offset + i + 1] & 0xff] : 0;
      bytes[length++] = (byte) (high | low);
    }
    bases = count;
  }

  /** One quality for each base, from printed ones. */
  public void printedQualities(byte[] printed, int offset) {
    reserve(bases);
    for (int i = 0; i < bases; i++) {
      bytes[length++] = (byte) (printed[offset + i] - 33);
    }
  }

  public void noQualities() {
    reserve(bases);
    Arrays.fill(bytes, length, length + bases, (byte) 0xff);
    length += bases;
  }

  /** Adds a tag of type Z. */
  public void textTag(byte first, byte second, byte[] text, int offset, int textBytes) {
    reserve(textBytes + 4);
    bytes[length++] = first;
    bytes[length++] = second;
    bytes[length++] = 'Z';
    System.arraycopy(text, offset, bytes, length, textBytes);
    length += textBytes;
    bytes[length++] = 0;
  }

  /** Ends the record and moves a view to it; valid until the next {@link #start}. */
  public void finish(RecordView view) {
    LittleEndian.putInt32(bytes, 0, length - 4);
    LittleEndian.putInt16(bytes, 16, operations);
    LittleEndian.putInt32(bytes, 20, bases);
    view.moveTo(bytes, 0, length);
    LittleEndian.putInt16(bytes, 14, bin(view.start0(), view.end0()));
  }

  /** Smallest bin of the SAM specification's section 5.3 that holds an interval. */
  static int bin(int start0, int end0) {
    int last = end0 - 1;
    int first = 4681;
    for (int shift = 14; shift <= 26; shift += 3) {
      if (start0 >> shift == last >> shift) {
        return first + (start0 >> shift);
      }
      first >>= 3;
    }
    return 0;
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
  }
}
