package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordView;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Splits inflated BAM into its header and raw records. Owned by one thread. */
public final class BamRecords {
  private static final byte[] NOTHING = new byte[0];

  private final BgzfInput in;
  private final String name;
  private final BamHeader header;
  private byte[] bytes = NOTHING;
  private int at;
  private int filled;
  private long records;

  public BamRecords(BgzfInput in, String name) throws IOException {
    this.in = in;
    this.name = name;
    this.header = readHeader();
  }

  public BamHeader header() {
    return header;
  }

  /** Records handed out so far. */
  public long records() {
    return records;
  }

  /**
   * Moves a view to the next record, whose bytes stay valid until the next call.
   *
   * @return whether there is one
   */
  public boolean next(RecordView view) throws IOException {
    if (!ensure(4)) {
      if (filled > at) {
        throw cut();
      }
      return false;
    }
    int size = LittleEndian.int32(bytes, at);
    if (size < RecordView.FIXED_BYTES - 4 || size > Integer.MAX_VALUE - 64) {
      throw new InputException(
          name,
          "is damaged: record %d says it has %d bytes; get another copy"
              .formatted(records + 1, size));
    }
    if (!ensure(size + 4)) {
      throw cut();
    }
    view.moveTo(bytes, at, size + 4);
    at += size + 4;
    records++;
    return true;
  }

  private InputException cut() {
    return new InputException(
        name, "is truncated: it ends inside record %d; get a complete copy".formatted(records + 1));
  }

  private BamHeader readHeader() throws IOException {
    int length = BamHeader.lengthIfComplete(bytes, filled, name);
    while (length < 0) {
      // doubling keeps a header of a million contigs from being scanned too often
      if (!ensure(Math.max(16, (filled - at) * 2))
          && BamHeader.lengthIfComplete(bytes, filled, name) < 0) {
        throw new InputException(name, "is truncated: it ends inside the BAM header");
      }
      length = BamHeader.lengthIfComplete(bytes, filled, name);
    }
    at = length;
    return BamHeader.parse(Arrays.copyOf(bytes, length), name);
  }

  /** Makes a number of bytes available from the current position, unless the stream ends before. */
  private boolean ensure(int count) throws IOException {
    while (filled - at < count) {
      byte @Nullable [] more = in.next();
      if (more == null) {
        return false;
      }
      if (filled == at) {
        bytes = more;
        filled = more.length;
        at = 0;
      } else {
        append(more, count);
      }
    }
    return true;
  }

  private void append(byte[] more, int wanted) {
    int rest = filled - at;
    if (bytes.length - filled < more.length) {
      int capacity = Math.max(rest + more.length, wanted <= rest + more.length ? 0 : 2 * rest);
      byte[] larger = new byte[capacity];
      System.arraycopy(bytes, at, larger, 0, rest);
      bytes = larger;
      at = 0;
      filled = rest;
    }
    System.arraycopy(more, 0, bytes, filled, more.length);
    filled += more.length;
  }
}
