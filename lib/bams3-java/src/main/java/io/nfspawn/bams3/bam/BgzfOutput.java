package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.codec.deflate.DeflateLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Deflates to BGZF, by workers if there are any, into the same bytes whatever their number. {@link
 * #finish()} writes the end-of-file block; without it the stream is truncated for its readers.
 * Closing flushes nothing and leaves the stream below open. Owned by one thread.
 */
public final class BgzfOutput extends OutputStream {
  /** As much as htslib puts into a block. */
  private static final int BLOCK_BYTES = 0xff00;

  private static final int RUN_BLOCKS = 8;

  private static final byte[] END_OF_FILE =
      HexFormat.of().parseHex("1f8b08040000000000ff0600424302001b0003000000000000000000");

  private final OutputStream out;
  private final @Nullable Workers workers;
  private final ArrayDeque<Future<DeflatedRun>> pending = new ArrayDeque<>();
  private final ArrayDeque<DeflatedRun> free = new ArrayDeque<>();
  private final DeflateLibrary library;
  private final int level;
  private DeflatedRun run;

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
    this(out, level, workers, DeflateLibrary.best());
  }

  BgzfOutput(OutputStream out, int level, @Nullable Workers workers, DeflateLibrary library) {
    if (level < 0 || level > DeflateLibrary.MAX_LEVEL) {
      throw new IllegalArgumentException("level is %d; it must be 0 to 9".formatted(level));
    }
    this.out = out;
    this.level = level;
    this.workers = workers;
    this.library = library;
    this.run = newRun();
  }

  private DeflatedRun newRun() {
    return new DeflatedRun(library, level, BLOCK_BYTES, workers == null ? 1 : RUN_BLOCKS);
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
      int step = Math.min(rest, run.source.length - run.sourceBytes);
      System.arraycopy(bytes, at, run.source, run.sourceBytes, step);
      run.sourceBytes += step;
      at += step;
      rest -= step;
      if (run.sourceBytes == run.source.length) {
        endRun();
      }
    }
  }

  private void endRun() throws IOException {
    if (workers == null) {
      run.call().writeTo(out);
    } else {
      pending.add(workers.submit(run));
      while (pending.size() > workers.maxPending()) {
        writeHead();
      }
      DeflatedRun next = free.poll();
      run = next != null ? next : newRun();
    }
    run.sourceBytes = 0;
  }

  private void writeHead() throws IOException {
    DeflatedRun done = Workers.await(pending.remove());
    done.writeTo(out);
    free.add(done);
  }

  /** Writes what is left and the end-of-file block, and flushes. */
  public void finish() throws IOException {
    finishPart();
    out.write(END_OF_FILE);
    out.flush();
  }

  /** Writes what is left and flushes, for a stream whose later parts others write. */
  public void finishPart() throws IOException {
    if (run.sourceBytes > 0) {
      endRun();
    }
    while (!pending.isEmpty()) {
      writeHead();
    }
    out.flush();
  }

  @Override
  public void close() {
    pending.forEach(task -> task.cancel(false));
    pending.clear();
  }
}
