package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.Workers;
import io.nfspawn.bams3.codec.deflate.DeflateLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Inflates a BGZF stream: whole blocks are read here, runs of them inflated by workers, handed out
 * in order. Insists on every checksum and on the end-of-file block. Memory is bounded by the number
 * of workers, whatever blocks inflate to, and used again. Owned by one thread; does not close the
 * stream.
 */
public final class BgzfInput {
  static final int HEADER_BYTES = 18;
  static final int MAX_BLOCK_BYTES = 1 << 16;
  private static final int RUN_BYTES = 1 << 18;

  /** A run that inflates to this ends, however little it was deflated to. */
  static final int RUN_INFLATED_BYTES = 3 << 19;

  private static final int CAPACITY_BYTES = MAX_BLOCK_BYTES + RUN_BYTES;

  private final InputStream in;
  private final String name;
  private final Workers workers;
  private final DeflateLibrary library;
  private final ArrayDeque<Future<InflatedRun>> pending = new ArrayDeque<>();
  private final ArrayDeque<InflatedRun> free = new ArrayDeque<>();
  private final byte[] carry = new byte[CAPACITY_BYTES];
  private int carried;
  private long offset;
  private boolean exhausted;
  private boolean ended;
  private boolean lastBlockWasEmpty;

  /**
   * @param name what messages call the stream
   */
  public BgzfInput(InputStream in, String name, Workers workers) {
    this(in, name, workers, DeflateLibrary.best());
  }

  public BgzfInput(InputStream in, String name, Workers workers, DeflateLibrary library) {
    this.in = in;
    this.name = name;
    this.workers = workers;
    this.library = library;
  }

  /** The next inflated run, never empty; null at the end. Whoever took it gives it back. */
  @Nullable InflatedRun next() throws IOException {
    while (true) {
      while (!ended && pending.size() < workers.maxPending()) {
        readRun();
      }
      Future<InflatedRun> head = pending.poll();
      if (head == null) {
        return null;
      }
      InflatedRun run = Workers.await(head);
      if (!run.isEmpty()) {
        return run;
      }
      giveBack(run);
    }
  }

  void giveBack(InflatedRun run) {
    free.add(run);
  }

  /** Compressed bytes read so far. */
  public long compressedBytes() {
    return offset + carried;
  }

  /** Reads about one run and submits whole blocks of it; the rest is carried over. */
  private void readRun() throws IOException {
    InflatedRun run = free.poll();
    if (run == null) {
      run = new InflatedRun(library, CAPACITY_BYTES, name);
    }
    run.begin(offset);
    System.arraycopy(carry, 0, run.blocks, 0, carried);
    int filled = carried;
    if (!exhausted) {
      int wanted = CAPACITY_BYTES - carried;
      int read = in.readNBytes(run.blocks, carried, wanted);
      exhausted = read < wanted;
      filled += read;
    }
    cut(run, filled);
    int used = run.usedBytes();
    carried = filled - used;
    System.arraycopy(run.blocks, used, carry, 0, carried);
    offset += used;
    if (used > 0) {
      pending.add(workers.submit(run));
    } else {
      free.add(run);
    }
    if (exhausted && (carried == 0 || used == 0)) {
      end();
    }
  }

  /** Finds the whole blocks. */
  private void cut(InflatedRun run, int filled) throws InputException {
    for (int at = 0; run.inflatedBytes() < RUN_INFLATED_BYTES; at = run.usedBytes()) {
      int size = blockBytes(run.blocks, at, filled);
      if (size == 0 || at + size > filled) {
        return;
      }
      run.addBlock(size);
      lastBlockWasEmpty = LittleEndian.int32(run.blocks, at + size - 4) == 0;
    }
  }

  private void end() throws InputException {
    ended = true;
    if (carried > 0) {
      throw new InputException(
          name,
          "is truncated: the BGZF block at byte %d is cut after %d bytes; get a complete copy"
              .formatted(offset, carried));
    }
    if (!lastBlockWasEmpty) {
      throw new InputException(
          name,
          ("is truncated: there is no BGZF end-of-file block after byte %d; get a complete copy,"
                  + " or accept the loss with samtools view -b")
              .formatted(offset));
    }
  }

  /** Size of the block at a position; 0 when its header is not all there yet. */
  private int blockBytes(byte[] bytes, int at, int filled) throws InputException {
    if (filled - at < HEADER_BYTES) {
      return 0;
    }
    boolean gzip =
        bytes[at] == 31
            && (bytes[at + 1] & 0xff) == 139
            && bytes[at + 2] == 8
            && (bytes[at + 3] & 4) != 0;
    int extra = LittleEndian.uint16(bytes, at + 10);
    if (!gzip || extra < 6) {
      throw corrupt(name, offset + at, "does not start as a block does");
    }
    if (filled - at < 12 + extra) {
      return 0;
    }
    for (int field = at + 12; field + 4 <= at + 12 + extra; ) {
      int length = LittleEndian.uint16(bytes, field + 2);
      if (bytes[field] == 'B' && bytes[field + 1] == 'C' && length == 2) {
        int size = LittleEndian.uint16(bytes, field + 4) + 1;
        if (size < 12 + extra + 8) {
          throw corrupt(name, offset + at, "says it has only " + size + " bytes");
        }
        return size;
      }
      field += 4 + length;
    }
    throw corrupt(name, offset + at, "is plain gzip, not BGZF");
  }

  static InputException corrupt(String name, long blockOffset, String problem) {
    return new InputException(
        name,
        "is damaged: the BGZF block at byte %d %s; get another copy"
            .formatted(blockOffset, problem));
  }
}
