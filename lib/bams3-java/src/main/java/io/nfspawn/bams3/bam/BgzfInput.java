package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Inflates a BGZF stream: whole blocks are read here, runs of them inflated by workers, handed out
 * in order. Insists on every checksum and on the end-of-file block. Owned by one thread; does not
 * close the stream.
 */
public final class BgzfInput {
  static final int HEADER_BYTES = 18;
  static final int MAX_BLOCK_BYTES = 1 << 16;
  private static final int RUN_BYTES = 1 << 18;

  private final InputStream in;
  private final String name;
  private final Workers workers;
  private final ArrayDeque<Future<InflatedRun>> pending = new ArrayDeque<>();
  private byte[] carry = new byte[0];
  private long offset;
  private boolean ended;
  private boolean lastBlockWasEmpty;

  /**
   * @param name what messages call the stream
   */
  public BgzfInput(InputStream in, String name, Workers workers) {
    this.in = in;
    this.name = name;
    this.workers = workers;
  }

  /** The next inflated bytes, never empty; null at the end. */
  public byte @Nullable [] next() throws IOException {
    while (true) {
      while (!ended && pending.size() < workers.maxPending()) {
        readRun();
      }
      Future<InflatedRun> head = pending.poll();
      if (head == null) {
        return null;
      }
      byte[] inflated = Workers.await(head).inflated();
      if (inflated.length > 0) {
        return inflated;
      }
    }
  }

  /** Compressed bytes read so far. */
  public long compressedBytes() {
    return offset + carry.length;
  }

  /** Reads about one run and submits the whole blocks in it; the cut last block is carried over. */
  private void readRun() throws IOException {
    byte[] run = Arrays.copyOf(carry, carry.length + RUN_BYTES);
    int filled = carry.length + in.readNBytes(run, carry.length, RUN_BYTES);
    boolean atEnd = filled < run.length;
    int used = 0;
    while (true) {
      int size = blockBytes(run, used, filled);
      if (size == 0 || used + size > filled) {
        break;
      }
      lastBlockWasEmpty = LittleEndian.int32(run, used + size - 4) == 0;
      used += size;
    }
    if (used > 0) {
      InflatedRun task = new InflatedRun(run, used, offset, name);
      pending.add(workers.submit(task));
    }
    offset += used;
    carry = Arrays.copyOfRange(run, used, filled);
    if (atEnd) {
      end();
    }
  }

  private void end() throws InputException {
    ended = true;
    if (carry.length > 0) {
      throw new InputException(
          name,
          "is truncated: the BGZF block at byte %d is cut after %d bytes; get a complete copy"
              .formatted(offset, carry.length));
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
  private int blockBytes(byte[] run, int at, int filled) throws InputException {
    if (filled - at < HEADER_BYTES) {
      return 0;
    }
    boolean gzip =
        run[at] == 31 && (run[at + 1] & 0xff) == 139 && run[at + 2] == 8 && (run[at + 3] & 4) != 0;
    int extra = LittleEndian.uint16(run, at + 10);
    if (!gzip || extra < 6) {
      throw corrupt(name, offset + at, "does not start as a block does");
    }
    if (filled - at < 12 + extra) {
      return 0;
    }
    for (int field = at + 12; field + 4 <= at + 12 + extra; ) {
      int length = LittleEndian.uint16(run, field + 2);
      if (run[field] == 'B' && run[field + 1] == 'C' && length == 2) {
        int size = LittleEndian.uint16(run, field + 4) + 1;
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
