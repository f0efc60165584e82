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
  private @Nullable InflatedRun run;
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
    int length = -1;
    boolean more = true;
    for (int wanted = 16; length < 0; wanted = 2 * (filled - at)) {
      if (!more) {
        throw new InputException(name, "is truncated: it ends inside the BAM header");
      }
      // doubling keeps a header of a million contigs from being scanned too often
      more = ensure(wanted);
      length = BamHeader.lengthIfComplete(Arrays.copyOfRange(bytes, at, filled), filled - at, name);
    }
    byte[] head = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return BamHeader.parse(head, name);
  }

  /** Makes a number of bytes available from the current position, unless the stream ends before. */
  private boolean ensure(int count) throws IOException {
    while (filled - at < count) {
      InflatedRun more = in.next();
      if (more == null) {
        return false;
      }
      int rest = filled - at;
      if (rest <= InflatedRun.HEADROOM_BYTES) {
        moveTo(more, rest);
      } else {
        append(more, count);
        in.giveBack(more);
      }
    }
    return true;
  }

  /** The rest of what was cut goes before its continuation. */
  private void moveTo(InflatedRun more, int rest) {
    int start = InflatedRun.HEADROOM_BYTES - rest;
    System.arraycopy(bytes, at, more.bytes(), start, rest);
    giveBackRun();
    run = more;
    bytes = more.bytes();
    at = start;
    filled = more.end();
  }

  /** For a record or header longer than the headroom: gathers it in an array of its own. */
  private void append(InflatedRun more, int wanted) {
    int rest = filled - at;
    int added = more.end() - InflatedRun.HEADROOM_BYTES;
    if (run != null || bytes.length - filled < added) {
      int capacity = Math.max(rest + added, wanted <= rest + added ? 0 : 2 * rest);
      byte[] larger = new byte[capacity];
      System.arraycopy(bytes, at, larger, 0, rest);
      giveBackRun();
      bytes = larger;
      at = 0;
      filled = rest;
    }
    System.arraycopy(more.bytes(), InflatedRun.HEADROOM_BYTES, bytes, filled, added);
    filled += added;
  }

  private void giveBackRun() {
    if (run != null) {
      in.giveBack(run);
      run = null;
    }
  }
}
