package io.nfspawn.bams3.column;

import java.io.Closeable;
import java.io.IOException;

/** Reference bases by contig and position. Thread-safe. */
public interface ReferenceBases extends Closeable {

  /**
   * Sets the nibble codes (BAM's 4-bit codes) of those bases that are known and not N, and leaves
   * the others as they are.
   *
   * @param contig index in the header's dictionary
   * @param start0 first position
   * @param at where its code goes; one code a byte
   */
  void read(int contig, int start0, int lengthBp, byte[] nibbles, int at) throws IOException;
}
