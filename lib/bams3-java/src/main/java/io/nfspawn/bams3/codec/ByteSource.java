package io.nfspawn.bams3.codec;

import io.nfspawn.bams3.LittleEndian;
import java.util.Arrays;

/**
 * Reads what {@link ByteSink} wrote. Moved from column to column; not thread-safe. Reading past the
 * end is a {@link CodecException}, unless the source is {@link #endless}.
 */
public final class ByteSource {
  private static final byte[] NOTHING = new byte[0];

  private byte[] bytes = NOTHING;
  private int at;
  private int end;
  private boolean zeros;
  private int stream = -1;

  /** Moves to a range of an array. */
  public ByteSource moveTo(byte[] source, int offset, int length) {
    return moveTo(source, offset, length, -1);
  }

  /**
   * Moves to a range of an array.
   *
   * @param number what exceptions call it
   */
  public ByteSource moveTo(byte[] source, int offset, int length, int number) {
    stream = number;
    bytes = source;
    at = offset;
    end = offset + length;
    zeros = false;
    return this;
  }

  /** Zero bytes without end: a column that was left out. */
  public ByteSource endless() {
    bytes = NOTHING;
    at = 0;
    end = 0;
    zeros = true;
    return this;
  }

  /** Whether only zeros come. */
  public boolean isEndless() {
    return zeros;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int offset() {
    return at;
  }

  /** Bytes left; 0 when {@link #isEndless()}. */
  public int remaining() {
    return end - at;
  }

  /** Steps over bytes and returns where they start in {@link #bytes()}. */
  public int skip(int count) throws CodecException {
    if (count < 0 || count > end - at) {
      throw new CodecException(
          stream, "ends after %d of %d bytes that are wanted next".formatted(end - at, count));
    }
    int start = at;
    at += count;
    return start;
  }

  public int next() throws CodecException {
    if (at < end) {
      return bytes[at++] & 0xff;
    }
    if (zeros) {
      return 0;
    }
    throw tooShort();
  }

  public int nextUnsigned() throws CodecException {
    int first = next();
    if (first < 0x80) {
      return first;
    }
    int value = first & 0x7f;
    for (int shift = 7; shift < 35; shift += 7) {
      int more = next();
      value |= (more & 0x7f) << shift;
      if (more < 0x80) {
        return value;
      }
    }
    throw new CodecException(stream, "has a number of more than 5 bytes");
  }

  public int nextSigned() throws CodecException {
    int value = nextUnsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number that may not be negative as an int. */
  public int nextCount() throws CodecException {
    int value = nextUnsigned();
    if (value < 0) {
      throw new CodecException(
          stream, "has an impossible number " + Integer.toUnsignedString(value));
    }
    return value;
  }

  public long nextUnsigned64() throws CodecException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int more = next();
      value |= (more & 0x7fL) << shift;
      if (more < 0x80) {
        return value;
      }
    }
    throw new CodecException(stream, "has a number of more than 10 bytes");
  }

  /** The next bytes, as numbers from 0 to 255. */
  public void readBytes(int[] values, int count) throws CodecException {
    if (zeros) {
      Arrays.fill(values, 0, count, 0);
      return;
    }
    int from = skip(count);
    byte[] source = bytes;
    for (int i = 0; i < count; i++) {
      values[i] = source[from + i] & 0xff;
    }
  }

  /** The next numbers, as {@link #nextUnsigned} reads them. */
  public void readUnsigned(int[] values, int count) throws CodecException {
    if (zeros) {
      Arrays.fill(values, 0, count, 0);
      return;
    }
    for (int i = 0; i < count; i++) {
      values[i] = nextUnsigned();
    }
  }

  public int nextInt32() throws CodecException {
    return zeros ? 0 : LittleEndian.int32(bytes, skip(4));
  }

  /** Copies the next bytes. */
  public void copyTo(byte[] out, int to, int count) throws CodecException {
    if (zeros) {
      Arrays.fill(out, to, to + count, (byte) 0);
    } else {
      System.arraycopy(bytes, skip(count), out, to, count);
    }
  }

  /** Number of bytes up to the next NUL, it included; does not step over them. */
  public int lengthOfText() throws CodecException {
    if (zeros) {
      return 1;
    }
    for (int i = at; i < end; i++) {
      if (bytes[i] == 0) {
        return i + 1 - at;
      }
    }
    throw tooShort();
  }

  /** All must have been read. */
  public void checkEnd() throws CodecException {
    if (at != end) {
      throw new CodecException(stream, "has %d bytes too many".formatted(end - at));
    }
  }

  private CodecException tooShort() {
    return new CodecException(stream, "ends too early");
  }
}
