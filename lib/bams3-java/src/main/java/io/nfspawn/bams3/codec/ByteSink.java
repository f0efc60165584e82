package io.nfspawn.bams3.codec;

import java.util.Arrays;

/** Bytes that grow at their end; made once and used for many pages. Not thread-safe. */
public final class ByteSink {
  private byte[] bytes;
  private int length;

  public ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  /** Valid up to {@link #length()}, until the next byte is put. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  public void clear() {
    length = 0;
  }

  /** Makes room, so that the next bytes can be written into {@link #bytes()} directly. */
  public void reserve(int count) {
    if (bytes.length - length < count) {
      long wanted = Math.max(2L * bytes.length, (long) length + count);
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 64, wanted));
    }
  }

  /** Counts bytes that were written directly behind the end. */
  public void advance(int count) {
    length += count;
  }

  public void put(int value) {
    if (length == bytes.length) {
      reserve(1);
    }
    bytes[length++] = (byte) value;
  }

  public void put(byte[] source, int offset, int count) {
    reserve(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  public void putInt16(int value) {
    put(value);
    put(value >>> 8);
  }

  public void putInt32(int value) {
    putInt16(value);
    putInt16(value >>> 16);
  }

  /** LEB128 of an unsigned 32-bit number. */
  public void putUnsigned(int value) {
    if (bytes.length - length < 5) {
      reserve(5);
    }
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** Zigzag, then LEB128. */
  public void putSigned(int value) {
    putUnsigned((value << 1) ^ (value >> 31));
  }

  /** LEB128 of an unsigned 64-bit number. */
  public void putUnsigned(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      put((int) rest | 0x80);
      rest >>>= 7;
    }
    put((int) rest);
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }
}
