package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.Workers;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Deflates to BGZF, by workers if there are any, always into the same bytes. {@link #finish()}
 * writes the end-of-file block; without it the stream is truncated for its readers. Closing flushes
 * nothing and leaves the stream below open. Owned by one thread.
 */
public final class BgzfOutput extends OutputStream {
  /** As much as htslib puts into a block. */
  private static final int BLOCK_BYTES = 0xff00;

  private static final int RUN_BLOCKS = 8;

  private static final byte[] END_OF_FILE = {
    31,
    (byte) 139,
    8,
    4,
    0,
    0,
    0,
    0,
    0,
    (byte) 255,
    6,
    0,
    66,
    67,
    2,
    0,
    27,
    0,
    3,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0
  };

  private final OutputStream out;
  private final int level;
  private final @Nullable Workers workers;
  private final ArrayDeque<Future<DeflatedRun>> pending = new ArrayDeque<>();
  private final int runBytes;
  private byte[] run;
  private int filled;

  /**
   * @param level 0 (stored) to 9
   */
  public BgzfOutput(OutputStream out, int level) {
    this(out, level, null);
  }

  /**
   * @param workers deflate; the caller's thread does it when null
   */
  public BgzfOutput(OutputStream out, int level, @Nullable Workers workers) {
    if (level < 0 || level > 9) {
      throw new IllegalArgumentException("level is %d; it must be 0 to 9".formatted(level));
    }
    this.out = out;
    this.level = level;
    this.workers = workers;
    this.runBytes = workers == null ? BLOCK_BYTES : RUN_BLOCKS * BLOCK_BYTES;
    this.run = new byte[runBytes];
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int lengthBytes) throws IOException {
    int at = offset;
    int rest = lengthBytes;
    while (rest > 0) {
      int step = Math.min(rest, runBytes - filled);
      System.arraycopy(bytes, at, run, filled, step);
      filled += step;
      at += step;
      rest -= step;
      if (filled == runBytes) {
        endRun();
      }
    }
  }

  private void endRun() throws IOException {
    DeflatedRun task = new DeflatedRun(run, filled, BLOCK_BYTES, level);
    if (workers == null) {
      task.call().writeTo(out);
    } else {
      pending.add(workers.submit(task));
      while (pending.size() > workers.maxPending()) {
        Workers.await(pending.remove()).writeTo(out);
      }
      run = new byte[runBytes];
    }
    filled = 0;
  }

  /** Writes what is left and the end-of-file block, and flushes. */
  public void finish() throws IOException {
    if (filled > 0) {
      endRun();
    }
    while (!pending.isEmpty()) {
      Workers.await(pending.remove()).writeTo(out);
    }
    out.write(END_OF_FILE);
    out.flush();
  }

  @Override
  public void close() {
    pending.forEach(task -> task.cancel(false));
    pending.clear();
  }
}
