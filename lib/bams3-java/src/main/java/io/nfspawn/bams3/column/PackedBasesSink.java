package io.nfspawn.bams3.column;

import io.nfspawn.bams3.codec.ByteSink;

/** Appends bases, four a byte, to one column and what is not A, C, G or T to another. */
final class PackedBasesSink {
  private ByteSink bases;
  private ByteSink odd;
  private int count;
  private int open;
  private int runStart;
  private int runNibble;
  private int lastRunEnd;

  PackedBasesSink(ByteSink bases, ByteSink odd) {
    this.bases = bases;
    this.odd = odd;
  }

  void clear() {
    count = 0;
    open = 0;
    runNibble = -1;
    lastRunEnd = 0;
  }

  void put(int nibble) {
    int code = Nibbles.CODES[nibble];
    if (code > 3 || runNibble >= 0) {
      putOdd(nibble, code);
      code &= 3;
    }
    open |= code << ((count & 3) << 1);
    if ((++count & 3) == 0) {
      bases.put(open);
      open = 0;
    }
  }

  private void putOdd(int nibble, int code) {
    if (nibble == runNibble) {
      return;
    }
    endRun();
    if (code > 3) {
      runStart = count;
      runNibble = nibble;
    }
  }

  private void endRun() {
    if (runNibble >= 0) {
      odd.putUnsigned(runStart - lastRunEnd);
      odd.putUnsigned(count - runStart);
      odd.put(runNibble);
      lastRunEnd = count;
      runNibble = -1;
    }
  }

  /** Writes what is left. */
  void finish() {
    endRun();
    if ((count & 3) != 0) {
      bases.put(open);
    }
  }
}
