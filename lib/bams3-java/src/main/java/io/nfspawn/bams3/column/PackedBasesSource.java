package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSource;
import io.nfspawn.bams3.codec.CodecException;

/** Reads what {@link PackedBasesSink} wrote, from two columns. */
final class PackedBasesSource {
  private final int basesId;
  private final int oddId;
  private ByteSource bases = new ByteSource();
  private ByteSource odd = new ByteSource();
  private int open;
  private int left;
  private int untilRun;
  private int runLeft;
  private int runNibble;

  PackedBasesSource(int basesId, int oddId) {
    this.basesId = basesId;
    this.oddId = oddId;
  }

  void moveTo(ColumnSources columns) throws CodecException {
    bases = columns.column(basesId);
    odd = columns.column(oddId);
    left = 0;
    open = 0;
    runLeft = 0;
    untilRun = Integer.MAX_VALUE;
    nextRun();
  }

  private void nextRun() throws CodecException {
    if (odd.remaining() == 0) {
      untilRun = Integer.MAX_VALUE;
      return;
    }
    untilRun = odd.nextCount();
    runLeft = odd.nextCount();
    runNibble = odd.next();
    if (runLeft == 0 || runNibble > 15) {
      throw new CodecException(oddId, "has %d bases of code %d".formatted(runLeft, runNibble));
    }
  }

  /** The next base's nibble code. */
  int next() throws CodecException {
    if (left == 0) {
      open = bases.next();
      left = 4;
    }
    left--;
    int code = open & 3;
    open >>= 2;
    return untilRun == Integer.MAX_VALUE ? Nibbles.OF_CODE[code] : nextOdd(code);
  }

  private int nextOdd(int code) throws CodecException {
    if (untilRun > 0) {
      untilRun--;
      return Nibbles.OF_CODE[code];
    }
    int nibble = runNibble;
    if (--runLeft == 0) {
      nextRun();
    }
    return nibble;
  }

  /** Unused bits must be zero and no exception may be left. */
  void checkEnd() throws CodecException {
    if (open != 0) {
      throw new CodecException(basesId, "has bases too many");
    }
    if (untilRun != Integer.MAX_VALUE) {
      throw new CodecException(oddId, "has exceptions beyond the last base");
    }
  }
}
