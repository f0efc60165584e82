package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.LittleEndian;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A run of whole BGZF blocks on its way through a worker. */
final class InflatedRun implements Callable<InflatedRun> {
  private final byte[] run;
  private final int used;
  private final long runOffset;
  private final String name;
  private byte[] inflated = new byte[0];

  InflatedRun(byte[] run, int used, long runOffset, String name) {
    this.run = run;
    this.used = used;
    this.runOffset = runOffset;
    this.name = name;
  }

  byte[] inflated() {
    return inflated;
  }

  @Override
  public InflatedRun call() throws InputException {
    inflated = new byte[inflatedBytes()];
    Inflater inflater = new Inflater(true);
    try {
      int to = 0;
      for (int at = 0; at < used; at += blockBytes(at)) {
        to += inflate(inflater, at, to);
      }
    } finally {
      inflater.end();
    }
    return this;
  }

  private int inflatedBytes() throws InputException {
    int total = 0;
    for (int at = 0; at < used; at += blockBytes(at)) {
      int size = LittleEndian.int32(run, at + blockBytes(at) - 4);
      if (size < 0 || size > BgzfInput.MAX_BLOCK_BYTES) {
        throw BgzfInput.corrupt(name, runOffset + at, "claims an impossible size of " + size);
      }
      total += size;
    }
    return total;
  }

  private int inflate(Inflater inflater, int at, int to) throws InputException {
    int end = at + blockBytes(at);
    int data = at + 12 + LittleEndian.uint16(run, at + 10);
    int expected = LittleEndian.int32(run, end - 4);
    inflater.reset();
    inflater.setInput(run, data, end - 8 - data);
    try {
      int done = 0;
      while (done < expected) {
        int step = inflater.inflate(inflated, to + done, expected - done);
        if (step == 0) {
          throw BgzfInput.corrupt(name, runOffset + at, "inflates to fewer bytes than it says");
        }
        done += step;
      }
    } catch (DataFormatException e) {
      throw BgzfInput.corrupt(name, runOffset + at, "cannot be inflated");
    }
    CRC32 crc = new CRC32();
    crc.update(inflated, to, expected);
    if ((int) crc.getValue() != LittleEndian.int32(run, end - 8)) {
      throw BgzfInput.corrupt(name, runOffset + at, "has a wrong checksum");
    }
    return expected;
  }

  /** Sizes were checked when the run was cut; the field BC is found again rather than carried. */
  private int blockBytes(int at) {
    int extra = LittleEndian.uint16(run, at + 10);
    for (int field = at + 12; field + 4 <= at + 12 + extra; ) {
      int length = LittleEndian.uint16(run, field + 2);
      if (run[field] == 'B' && run[field + 1] == 'C' && length == 2) {
        return LittleEndian.uint16(run, field + 4) + 1;
      }
      field += 4 + length;
    }
    throw new IllegalStateException(
        "block at " + (runOffset + at) + " of " + name + " lost its size");
  }
}
