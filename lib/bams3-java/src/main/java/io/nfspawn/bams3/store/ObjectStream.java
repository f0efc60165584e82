package io.nfspawn.bams3.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * An object from its start to its end, fetched in ranges of which several are under way at a time.
 * Memory is bounded by the bytes that may be held. Owned by one thread; closing it drops what was
 * not read.
 */
public final class ObjectStream extends InputStream {
  private final String name;
  private final ReadAhead ranges;
  private byte[] current = new byte[0];
  private int at;
  private long leftBytes;

  /**
   * @param name of the object, for messages
   * @param sizeBytes of the object
   * @param reader gives ranges of one and the same version of the object
   * @param requests under way at a time
   * @param rangeBytes of each
   */
  public ObjectStream(
      String name, long sizeBytes, ReadAhead.RangeReader reader, int requests, int rangeBytes) {
    this.name = name;
    this.leftBytes = sizeBytes;
    this.ranges =
        new ReadAhead(
            reader,
            new Ranges(name, sizeBytes, rangeBytes),
            requests,
            (long) requests * rangeBytes);
  }

  /** The ranges of the whole object. */
  private static final class Ranges implements Iterator<ReadAhead.Wanted> {
    private final String key;
    private final long sizeBytes;
    private final int rangeBytes;
    private long offset;

    Ranges(String key, long sizeBytes, int rangeBytes) {
      this.key = key;
      this.sizeBytes = sizeBytes;
      this.rangeBytes = rangeBytes;
    }

    @Override
    public boolean hasNext() {
      return offset < sizeBytes;
    }

    @Override
    public ReadAhead.Wanted next() {
      if (!hasNext()) {
        throw new NoSuchElementException("after the end of " + key);
      }
      int lengthBytes = (int) Math.min(rangeBytes, sizeBytes - offset);
      ReadAhead.Wanted next = new ReadAhead.Wanted(key, new ByteRange(offset, lengthBytes));
      offset += lengthBytes;
      return next;
    }
  }

  @Override
  public int read() throws IOException {
    return fill() ? current[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int lengthBytes) throws IOException {
    if (lengthBytes == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int step = Math.min(lengthBytes, current.length - at);
    System.arraycopy(current, at, bytes, offset, step);
    at += step;
    return step;
  }

  @Override
  public int available() {
    return current.length - at;
  }

  private boolean fill() throws IOException {
    while (at == current.length) {
      if (leftBytes == 0) {
        return false;
      }
      byte[] next = ranges.next();
      if (next == null || next.length == 0) {
        throw new EOFException(
            "%s ended %d bytes too early; was it replaced?".formatted(name, leftBytes));
      }
      current = next;
      leftBytes -= next.length;
      at = 0;
    }
    return true;
  }

  @Override
  public void close() {
    ranges.close();
  }
}
