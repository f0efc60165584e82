package io.nfspawn.bams3.codec.deflate;

/**
 * One implementation of deflate. Thread-safe; what it makes belongs to one thread each. All of them
 * inflate to the same bytes; deflated bytes differ, and all of them are valid.
 */
public interface DeflateLibrary {
  /** The level when nothing else is asked for, that of samtools. */
  int DEFAULT_LEVEL = 6;

  int MAX_LEVEL = 9;

  /** What {@code -Dbams3.deflate} calls it. */
  String name();

  BlockInflater inflater();

  /**
   * @param level 1 (fastest) to 9 (smallest)
   */
  BlockDeflater deflater(int level);

  /** The fastest that this machine has. */
  static DeflateLibrary best() {
    return DeflateChoice.BEST;
  }
}
