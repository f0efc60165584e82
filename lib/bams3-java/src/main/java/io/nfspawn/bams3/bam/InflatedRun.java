package io.nfspawn.bams3.bam;

import io.nfspawn.bams3.InputException;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.codec.deflate.BlockInflater;
import io.nfspawn.bams3.codec.deflate.DeflateLibrary;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;

/**
 * A run of whole BGZF blocks on its way through a worker. Used again for later runs, so that
 * reading leaves no garbage. Belongs to the reader, to one worker while it inflates, then to
 * whoever took it, until it is given back.
 *
 * <pre>
 * bytes()   0 … HEADROOM_BYTES      free, for the beginning of a record that the last run cut
 *           HEADROOM_BYTES … end()  the inflated run
 * </pre>
 */
final class InflatedRun implements Callable<InflatedRun> {
  static final int HEADROOM_BYTES = 1 << 16;

  /** Of a run of blocks that hardly shrank: more than this many small blocks make it grow. */
  private static final int USUAL_BLOCKS = 32;

  private final DeflateLibrary library;
  private final String name;
  private final CRC32 crc = new CRC32();

  /** The blocks as read, and behind them a cut one that the reader carries over. */
  final byte[] blocks;

  private long blocksOffset;
  private int[] blockEnds = new int[USUAL_BLOCKS];
  private int blockCount;
  private int inflatedBytes;
  private byte[] bytes = new byte[0];

  InflatedRun(DeflateLibrary library, int capacityBytes, String name) {
    this.library = library;
    this.name = name;
    this.blocks = new byte[capacityBytes];
  }

  /**
   * @param offset where in the file the first block lies
   */
  void begin(long offset) {
    blocksOffset = offset;
    blockCount = 0;
    inflatedBytes = 0;
  }

  /** Where the last block ends that was added. */
  int usedBytes() {
    return blockCount == 0 ? 0 : blockEnds[blockCount - 1];
  }

  /** Adds the block that follows the last one. */
  void addBlock(int sizeBytes) throws InputException {
    int at = usedBytes();
    int inflated = LittleEndian.int32(blocks, at + sizeBytes - 4);
    if (inflated < 0 || inflated > BgzfInput.MAX_BLOCK_BYTES) {
      throw BgzfInput.corrupt(name, blocksOffset + at, "claims an impossible size of " + inflated);
    }
    if (blockCount == blockEnds.length) {
      blockEnds = Arrays.copyOf(blockEnds, 2 * blockCount);
    }
    blockEnds[blockCount++] = at + sizeBytes;
    inflatedBytes += inflated;
  }

  /** What the blocks added so far inflate to. */
  int inflatedBytes() {
    return inflatedBytes;
  }

  /** Holds the inflated run from {@link #HEADROOM_BYTES} to {@link #end()}. */
  byte[] bytes() {
    return bytes;
  }

  int end() {
    return HEADROOM_BYTES + inflatedBytes;
  }

  boolean isEmpty() {
    return inflatedBytes == 0;
  }

  @Override
  public InflatedRun call() throws InputException {
    if (bytes.length < end()) {
      bytes = new byte[end() + end() / 8];
    }
    try (BlockInflater inflater = library.inflater()) {
      int to = HEADROOM_BYTES;
      int at = 0;
      for (int i = 0; i < blockCount; i++) {
        to += inflate(inflater, at, blockEnds[i], to);
        at = blockEnds[i];
      }
    }
    return this;
  }

  private int inflate(BlockInflater inflater, int at, int end, int to) throws InputException {
    int data = at + 12 + LittleEndian.uint16(blocks, at + 10);
    int expected = LittleEndian.int32(blocks, end - 4);
    if (!inflater.inflate(blocks, data, end - 8 - data, bytes, to, expected)) {
      throw BgzfInput.corrupt(
          name,
          blocksOffset + at,
          "cannot be inflated to the %d bytes that it says".formatted(expected));
    }
    crc.reset();
    crc.update(bytes, to, expected);
    if ((int) crc.getValue() != LittleEndian.int32(blocks, end - 8)) {
      throw BgzfInput.corrupt(name, blocksOffset + at, "has a wrong checksum");
    }
    return expected;
  }
}
