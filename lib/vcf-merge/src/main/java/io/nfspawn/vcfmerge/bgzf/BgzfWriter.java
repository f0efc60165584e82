package io.nfspawn.vcfmerge.bgzf;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes BGZF, optionally compressing several blocks at once.
 *
 * <p>Where a block will lie in the file is known only after the blocks before it were compressed.
 * So {@link #position} counts blocks instead of bytes, {@code block number << 16 | offset in
 * block}, and {@link #virtualOffset} translates after {@link #finish}. Both orders are the same.
 *
 * <p>Used by one thread. The stream is not closed; {@link #close} ends the threads.
 */
public final class BgzfWriter implements AutoCloseable {
  private static final int BLOCKS_PER_THREAD = 4;

  private final OutputStream out;
  private final Queue<BlockCompressor> idle = new ConcurrentLinkedQueue<>();
  private final Deque<Future<byte[]>> inFlight = new ArrayDeque<>();
  private final int maxInFlight;
  private final @Nullable ExecutorService threads;
  private byte[] data = new byte[BgzfFormat.DATA_BYTES];
  private int used;
  private long blocksStarted;
  private long[] starts = new long[64];
  private int written;
  private boolean finished;

  /**
   * @param deflateThreads 1 = compress on the calling thread
   */
  public BgzfWriter(OutputStream out, int deflateThreads) {
    this.out = out;
    this.maxInFlight = deflateThreads * BLOCKS_PER_THREAD;
    this.threads =
        deflateThreads == 1
            ? null
            : Executors.newFixedThreadPool(deflateThreads, BgzfWriter::deflateThread);
  }

  private static Thread deflateThread(Runnable task) {
    Thread thread = new Thread(task, "vcf-deflate");
    thread.setDaemon(true);
    return thread;
  }

  public void write(byte[] bytes, int from, int length) throws IOException {
    int at = from;
    int left = length;
    while (left > 0) {
      int n = Math.min(left, data.length - used);
      System.arraycopy(bytes, at, data, used, n);
      used += n;
      at += n;
      left -= n;
      if (used == data.length) {
        endBlock();
      }
    }
  }

  /** Of the next byte, see the class. */
  public long position() {
    return blocksStarted << 16 | used;
  }

  /** Ends the last block, adds the end-of-file block and flushes. */
  public void finish() throws IOException {
    if (used > 0) {
      endBlock();
    }
    while (!inFlight.isEmpty()) {
      writeOldest();
    }
    writeBlock(BgzfFormat.endOfFile());
    out.flush();
    finished = true;
  }

  /**
   * Where a position lies in the finished file.
   *
   * @throws IllegalStateException before {@link #finish}
   */
  public long virtualOffset(long position) {
    if (!finished) {
      throw new IllegalStateException("virtual offsets are known after finish()");
    }
    return starts[(int) (position >>> 16)] << 16 | (position & 0xffff);
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
    for (BlockCompressor c = idle.poll(); c != null; c = idle.poll()) {
      c.close();
    }
  }

  private void endBlock() throws IOException {
    byte[] full = data;
    int length = used;
    if (threads == null) {
      writeBlock(compress(full, length));
    } else {
      if (inFlight.size() == maxInFlight) {
        writeOldest();
      }
      inFlight.add(threads.submit(() -> compress(full, length)));
      data = new byte[BgzfFormat.DATA_BYTES];
    }
    used = 0;
    blocksStarted++;
  }

  private byte[] compress(byte[] bytes, int length) {
    BlockCompressor taken = idle.poll();
    BlockCompressor compressor = taken == null ? new BlockCompressor() : taken;
    try {
      return compressor.compress(bytes, length);
    } finally {
      idle.add(compressor);
    }
  }

  private void writeOldest() throws IOException {
    try {
      writeBlock(inFlight.remove().get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a compressed block");
    } catch (ExecutionException e) {
      throw new IOException("compressing a block failed", e.getCause());
    }
  }

  private void writeBlock(byte[] block) throws IOException {
    if (written + 1 >= starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
    }
    out.write(block);
    starts[written + 1] = starts[written] + block.length;
    written++;
  }
}
